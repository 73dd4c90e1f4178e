/** The choices a service makes: times in {@link dev.agentauth.config.Lifetimes}, the policies, and the secrets of other processes. */
@NullMarked
package dev.agentauth.config;

import org.jspecify.annotations.NullMarked;
