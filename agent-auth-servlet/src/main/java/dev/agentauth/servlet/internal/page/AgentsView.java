package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentPage;
import dev.agentauth.AgentQuery;
import dev.agentauth.AgentSummary;
import dev.agentauth.registration.RegistrationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A person's agents.
 *
 * @param acting what acts for the person, the newest first
 * @param ended what did until a few days ago, what ended last first
 */
record AgentsView(List<AgentSummary> acting, List<AgentSummary> ended) {
    /** How long what has ended stays visible. */
    static final Duration VISIBLE = Duration.ofDays(7);

    /** As it stands now. What waits for that person's yes is the claim page's. */
    static AgentsView of(AgentAuth auth, String userId, Instant now) {
        List<AgentSummary> owned = new ArrayList<>();
        AgentQuery query = AgentQuery.ofUser(userId).withLimit(AgentQuery.MAX_LIMIT);
        AgentPage page = auth.list(query);
        owned.addAll(page.agents());
        while (page.next() != null) {
            page = auth.list(query.after(page.next()));
            owned.addAll(page.agents());
        }
        owned.removeIf(agent -> !userId.equals(agent.owner()));
        return new AgentsView(
                owned.stream().filter(AgentsView::isActing).toList(),
                owned.stream()
                        .filter(agent -> agent.endedAt() != null
                                && agent.endedAt().plus(VISIBLE).isAfter(now))
                        .sorted(Comparator.<AgentSummary, Instant>comparing(
                                        agent -> Objects.requireNonNull(agent.endedAt()))
                                .reversed())
                        .toList());
    }

    /** One that acts for the person, as it stands now: without a look at all the others. */
    static Optional<AgentSummary> acting(AgentAuth auth, String userId, String id) {
        return auth.registration(id).filter(agent -> isActing(agent) && userId.equals(agent.owner()));
    }

    private static boolean isActing(AgentSummary agent) {
        return agent.status() == RegistrationStatus.CLAIMED;
    }

    /** One that has ended. */
    Optional<AgentSummary> ended(String id) {
        return ended.stream().filter(agent -> agent.id().equals(id)).findFirst();
    }
}
