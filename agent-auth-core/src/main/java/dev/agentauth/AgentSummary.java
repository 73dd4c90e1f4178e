package dev.agentauth;

import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator, or a page for the owner, gets to see of a registration: nothing that is secret, no hash, and of the
 * person who was asked no more than a masked address.
 *
 * @param id {@code reg_…}
 * @param kind how it came to be
 * @param provider the name that the service gave the provider which vouched for it, or that provider's issuer if it is
 *     trusted no more; null if no provider did
 * @param owner the service's own id of the user whose it is; null while nobody owns it, and once it is erased
 * @param recipient whom the newest attempt asked: the first character and the domain of the address; null if nobody was
 * @param scopes what it may do now, in the service's order; empty if nothing
 * @param status what it is now
 * @param createdAt when it came to be
 * @param claimedAt since when it has its owner; null if it has none
 * @param lastIssuedAt when an identity assertion was last handed out for it, for a provider's agent by the provider's
 *     clock; null if none was. Access tokens come and go without leaving a time
 * @param refreshableUntil until when it can come back by itself with a refresh token; null if it has none that is good
 * @param label what its owner calls it; null if it was given no name
 * @param endedAt since when it is over; null if it was not ended
 * @param endReason why it is over; null if it was not ended
 * @since 0.2.0
 */
public record AgentSummary(
        String id,
        RegistrationKind kind,
        @Nullable String provider,
        @Nullable String owner,
        @Nullable String recipient,
        List<String> scopes,
        RegistrationStatus status,
        Instant createdAt,
        @Nullable Instant claimedAt,
        @Nullable Instant lastIssuedAt,
        @Nullable Instant refreshableUntil,
        @Nullable String label,
        @Nullable Instant endedAt,
        @Nullable EndReason endReason) {

    /** How long a name can be that an owner gives, in code points. */
    public static final int MAX_LABEL = 60;

    /** Copies the scopes and checks that nothing required is missing. */
    public AgentSummary {
        Objects.requireNonNull(id);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(status);
        Objects.requireNonNull(createdAt);
        scopes = List.copyOf(scopes);
    }
}
