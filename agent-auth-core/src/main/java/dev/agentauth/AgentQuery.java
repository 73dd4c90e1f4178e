package dev.agentauth;

import dev.agentauth.registration.RegistrationStatus;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which registrations an operator wants to see. Made with {@link #all} or {@link #ofUser}, refined with the other methods.
 *
 * @param userId whose: what that user owns and the step-ups that wait for that user; null for everybody's
 * @param statuses only those that are one of these now
 * @param limit how many on a page, 1 to {@value #MAX_LIMIT}
 * @param after {@link AgentPage#next} of the page before; null for the first page
 * @since 0.2.0
 */
public record AgentQuery(
        @Nullable String userId,
        Set<RegistrationStatus> statuses,
        int limit,
        @Nullable String after) {

    /** The longest page. */
    public static final int MAX_LIMIT = 500;

    private static final int DEFAULT_LIMIT = 100;

    /**
     * Copies the statuses.
     *
     * @throws IllegalArgumentException if the limit is out of bounds
     */
    public AgentQuery {
        statuses = Set.copyOf(statuses);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ": " + limit);
        }
    }

    /**
     * Everything, whatever its status, a hundred on a page.
     *
     * @return the query
     */
    public static AgentQuery all() {
        return new AgentQuery(null, Set.of(RegistrationStatus.values()), DEFAULT_LIMIT, null);
    }

    /**
     * What a user owns and the step-ups that wait for that user, whatever its status, a hundred on a page.
     *
     * @param userId the service's own id
     * @return the query
     */
    public static AgentQuery ofUser(String userId) {
        return new AgentQuery(Objects.requireNonNull(userId), Set.of(RegistrationStatus.values()), DEFAULT_LIMIT, null);
    }

    /**
     * Only those of some statuses.
     *
     * @param wanted what they may be now
     * @return the changed query
     */
    public AgentQuery withStatus(RegistrationStatus... wanted) {
        return new AgentQuery(userId, Set.of(wanted), limit, after);
    }

    /**
     * With pages of another length.
     *
     * @param most 1 to {@value #MAX_LIMIT}
     * @return the changed query
     * @throws IllegalArgumentException if it is out of bounds
     */
    public AgentQuery withLimit(int most) {
        return new AgentQuery(userId, statuses, most, after);
    }

    /**
     * The page that follows another one.
     *
     * @param next {@link AgentPage#next} of that one
     * @return the changed query
     */
    public AgentQuery after(String next) {
        return new AgentQuery(userId, statuses, limit, Objects.requireNonNull(next));
    }
}
