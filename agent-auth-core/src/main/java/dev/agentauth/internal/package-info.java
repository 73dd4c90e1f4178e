/**
 * Small things that several features share, and the features themselves, one package each: {@code register},
 * {@code claim}, {@code token}, {@code provider}, {@code discovery}. Not exported.
 */
@NullMarked
package dev.agentauth.internal;

import org.jspecify.annotations.NullMarked;
