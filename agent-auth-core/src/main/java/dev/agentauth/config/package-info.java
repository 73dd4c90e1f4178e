/** The choices a service makes: times in {@link dev.agentauth.config.Lifetimes}, and the policies. */
@NullMarked
package dev.agentauth.config;

import org.jspecify.annotations.NullMarked;
