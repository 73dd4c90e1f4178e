/** The core in one process: time and allocation of each path with JMH, and what entries take of the heap. */
@NullMarked
package dev.agentauth.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
