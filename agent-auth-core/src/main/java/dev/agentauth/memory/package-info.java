/**
 * The ports that store things, in the memory of one process: for tests, demos and services with a single replica that may
 * forget everything at a restart. Each bounds its memory by the purge; {@link
 * dev.agentauth.memory.InMemoryAccessTokenStore} also by itself.
 */
@NullMarked
package dev.agentauth.memory;

import org.jspecify.annotations.NullMarked;
