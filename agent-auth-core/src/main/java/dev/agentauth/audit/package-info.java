/** Where the library's own audit sink writes, and how. Start at {@code JsonLines}. */
@NullMarked
package dev.agentauth.audit;

import org.jspecify.annotations.NullMarked;
