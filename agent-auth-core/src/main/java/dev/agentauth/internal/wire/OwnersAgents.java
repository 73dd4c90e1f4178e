package dev.agentauth.internal.wire;

import dev.agentauth.AgentSummary;
import dev.agentauth.Secret;
import dev.agentauth.internal.json.Timestamps;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A person's agents as JSON, for a service's own front end. Not of the protocol. */
public final class OwnersAgents {
    private OwnersAgents() {}

    /**
     * All that there is to see and to do.
     *
     * @param acting what acts for the person
     * @param ended what did until a few days ago
     * @param bond what a form has to bring along
     */
    public static Map<String, Object> members(
            String account, List<AgentSummary> acting, List<AgentSummary> ended, Secret bond) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("account", account);
        members.put("agents", acting.stream().map(OwnersAgents::agent).toList());
        members.put("ended", ended.stream().map(OwnersAgents::agent).toList());
        members.put(Paths.FORM_BOND, bond.reveal());
        return members;
    }

    /** What a press has done. */
    public static Map<String, Object> done(AgentSummary agent) {
        return Map.of(Paths.YOURS_AGENT, agent(agent));
    }

    private static Map<String, Object> agent(AgentSummary agent) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", agent.id());
        put(members, Paths.YOURS_LABEL, agent.label());
        put(members, "provider", agent.provider());
        members.put("status", agent.status().name().toLowerCase(Locale.ROOT));
        members.put("scopes", agent.scopes());
        put(members, "since", time(agent.claimedAt()));
        put(members, "last_issued", time(agent.lastIssuedAt()));
        put(members, "refreshable_until", time(agent.refreshableUntil()));
        put(members, "ended_at", time(agent.endedAt()));
        put(
                members,
                "ended_by",
                agent.endReason() == null ? null : agent.endReason().label());
        return members;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : Timestamps.format(instant);
    }

    /** What is not known is left out. */
    private static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
