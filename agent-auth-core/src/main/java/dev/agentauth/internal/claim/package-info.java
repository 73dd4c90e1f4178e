/** How a person takes ownership: {@code ClaimCeremony}, the ceremony of the mailed code. */
@NullMarked
package dev.agentauth.internal.claim;

import org.jspecify.annotations.NullMarked;
