package dev.agentauth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of registrations, newest first.
 *
 * @param agents may be fewer than were asked for, even none, although more pages follow: a page looks at no more than a
 *     bounded number of registrations
 * @param next for {@link AgentQuery#after}; null on the last page. It says when the last registration looked at was made
 *     and which it was, and stays good when that one is gone
 * @since 0.2.0
 */
public record AgentPage(List<AgentSummary> agents, @Nullable String next) {

    /** Copies the list. */
    public AgentPage {
        agents = List.copyOf(agents);
    }
}
