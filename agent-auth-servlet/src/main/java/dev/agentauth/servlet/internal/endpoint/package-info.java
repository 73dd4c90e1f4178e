/** One class an endpoint: each reads strictly, calls the core, and renders. Which path leads where: {@code Router}. */
@NullMarked
package dev.agentauth.servlet.internal.endpoint;

import org.jspecify.annotations.NullMarked;
