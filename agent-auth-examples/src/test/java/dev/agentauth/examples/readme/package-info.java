/** The code that the documents show: {@code ReadmeExamples} holds it, {@code ReadmeTest} compares and runs it. */
@NullMarked
package dev.agentauth.examples.readme;

import org.jspecify.annotations.NullMarked;
