/** The only place that imports Jackson: strict reading and plain writing of JSON. Start at {@code Json}. */
@NullMarked
package dev.agentauth.internal.json;

import org.jspecify.annotations.NullMarked;
