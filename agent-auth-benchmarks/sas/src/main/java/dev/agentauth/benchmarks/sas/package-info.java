/** Spring Authorization Server as Spring Boot configures it. */
@NullMarked
package dev.agentauth.benchmarks.sas;

import org.jspecify.annotations.NullMarked;
