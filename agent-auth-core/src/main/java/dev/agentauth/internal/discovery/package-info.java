/** What the service publishes about itself: {@code DiscoveryDocuments}, with the Markdown made by {@code AuthMd}. */
@NullMarked
package dev.agentauth.internal.discovery;

import org.jspecify.annotations.NullMarked;
