/** What operators and schedulers call: ending and erasing registrations, the purge, the health view. */
@NullMarked
package dev.agentauth.internal.operate;

import org.jspecify.annotations.NullMarked;
