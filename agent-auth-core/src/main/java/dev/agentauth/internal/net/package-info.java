/** What URLs and hosts have to be, wherever they are configured. */
@NullMarked
package dev.agentauth.internal.net;

import org.jspecify.annotations.NullMarked;
