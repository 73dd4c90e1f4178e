/** The service under HTTP: servers in processes of their own, one generator for all of them, one table. */
@NullMarked
package dev.agentauth.benchmarks.load;

import org.jspecify.annotations.NullMarked;
