/**
 * The ports that store things, in the memory of one process: for tests, demos and services with a single replica that may
 * forget everything at a restart. What is no longer needed leaves with the purge, which is what bounds their memory.
 */
@NullMarked
package dev.agentauth.memory;

import org.jspecify.annotations.NullMarked;
