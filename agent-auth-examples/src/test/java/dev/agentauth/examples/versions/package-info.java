/**
 * Three small clients, each of which reads one version's names and nothing else, walk every flow against one running demo.
 * They share nothing with the library or with the agent of the examples, so that they fail when a name of their version goes.
 */
@NullMarked
package dev.agentauth.examples.versions;

import org.jspecify.annotations.NullMarked;
