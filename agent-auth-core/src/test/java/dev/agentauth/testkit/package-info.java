/**
 * What tests share: contracts of the ports, one abstract class each; a clock that is moved by hand; a provider that signs
 * what it is told to; and valid values to vary.
 */
@NullMarked
package dev.agentauth.testkit;

import org.jspecify.annotations.NullMarked;
