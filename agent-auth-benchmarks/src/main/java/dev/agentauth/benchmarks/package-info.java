/**
 * What the library costs. {@code micro} measures the core in this process with JMH, {@code load} measures it as a service
 * under HTTP, beside the least that a service could cost. Begin with {@code load.Load}.
 */
@NullMarked
package dev.agentauth.benchmarks;

import org.jspecify.annotations.NullMarked;
