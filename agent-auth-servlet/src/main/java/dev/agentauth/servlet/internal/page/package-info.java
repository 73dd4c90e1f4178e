/** The page behind a mailed claim link, without any script. Start at {@code ClaimPage}, which words every state. */
@NullMarked
package dev.agentauth.servlet.internal.page;

import org.jspecify.annotations.NullMarked;
