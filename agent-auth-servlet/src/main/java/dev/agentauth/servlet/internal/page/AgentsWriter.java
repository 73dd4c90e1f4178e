package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.AgentSummary;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.registration.EndReason;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.internal.page.Html.Element;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the pages on which a person sees and ends their agents. */
final class AgentsWriter {
    private final PageFrame frame;
    private final String service;

    AgentsWriter(PageFrame frame) {
        this.frame = frame;
        this.service = frame.service();
    }

    /** What can be done with one agent. */
    record Ways(Action name, String endUrl) {}

    /**
     * All of them.
     *
     * @param justEnded what the person has ended a moment ago
     */
    String list(AgentsView view, Optional<AgentSummary> justEnded, Function<AgentSummary, Ways> ways) {
        List<Html> content = new ArrayList<>();
        justEnded.ifPresent(agent -> content.add(element("p", text(frame.words("agents.done", name(agent))))
                .with("role", "status")
                .with("class", "done")));
        content.add(frame.paragraph(view.acting().isEmpty() ? "agents.none" : "agents.lead", service));
        view.acting().forEach(agent -> content.add(agent(agent, ways.apply(agent))));
        if (!view.ended().isEmpty()) {
            content.add(frame.heading("agents.ended.title"));
            content.add(element("ul", view.ended().stream().map(this::ended).toArray(Html[]::new))
                    .with("class", "ended"));
        }
        return frame.page("agents.title", "agents", null, List.of(StandardPage.TIMES), array(content));
    }

    private Html agent(AgentSummary agent, Ways ways) {
        List<Html> facts = new ArrayList<>();
        if (agent.label() != null) {
            facts.addAll(frame.fact("agents.origin", text(origin(agent))));
        }
        facts.addAll(frame.fact(
                "agents.scopes",
                agent.scopes().isEmpty() ? text(frame.words("agents.scopes.none")) : frame.scopes(agent.scopes())));
        since(agent).ifPresent(since -> facts.addAll(frame.fact("agents.since", frame.agoAt(since))));
        facts.addAll(frame.fact(
                "agents.last",
                agent.lastIssuedAt() == null
                        ? new Html[] {text(frame.words("agents.last.none"))}
                        : frame.agoAt(agent.lastIssuedAt())));
        facts.addAll(frame.fact("agents.back", back(agent)));
        facts.addAll(frame.fact("open.registration", element("code", text(agent.id()))));
        String field = "name-" + agent.id();
        Element input = element("input")
                .with("id", field)
                .with("class", "words")
                .with("name", Paths.YOURS_LABEL)
                .with("type", "text")
                .with("maxlength", Integer.toString(AgentSummary.MAX_LABEL))
                .with("autocomplete", "off")
                .with("value", agent.label() == null ? "" : agent.label());
        return element(
                        "section",
                        element("h2", text(name(agent))).with("id", "agent-" + agent.id()),
                        element("dl", array(facts)),
                        element(
                                "details",
                                element(
                                        "summary",
                                        text(frame.words(
                                                agent.label() == null ? "agents.name.title" : "agents.name.change"))),
                                frame.form(
                                        ways.name(),
                                        "agents.name.button",
                                        "secondary",
                                        element("label", text(frame.words("agents.name.label")))
                                                .with("for", field),
                                        input)),
                        element(
                                "p",
                                element("a", text(frame.words("agents.end.link")))
                                        .with("class", "button")
                                        .with("href", ways.endUrl())
                                        .with("aria-label", frame.words("agents.end.label", name(agent)))))
                .with("class", "agent")
                .with("aria-labelledby", "agent-" + agent.id());
    }

    private static Optional<Instant> since(AgentSummary agent) {
        return Optional.ofNullable(agent.claimedAt());
    }

    /** What the person calls it, else where it is from. */
    private String name(AgentSummary agent) {
        return agent.label() == null ? origin(agent) : agent.label();
    }

    private String origin(AgentSummary agent) {
        return agent.provider() == null ? frame.words("agents.unknown") : frame.words("agents.of", agent.provider());
    }

    /** Whether it can go on without asking anybody. */
    private Html back(AgentSummary agent) {
        if (agent.refreshableUntil() != null) {
            return frame.sentence(
                    "agents.back.refresh",
                    frame.time(agent.refreshableUntil()),
                    text(frame.span(agent.refreshableUntil())));
        }
        return text(
                agent.provider() == null
                        ? frame.words("agents.back.none")
                        : frame.words("agents.back.provider", agent.provider()));
    }

    private Html ended(AgentSummary agent) {
        Instant at = agent.endedAt() == null ? frame.setting().now() : agent.endedAt();
        return element(
                "li",
                element("strong", text(name(agent))),
                element("br"),
                text(frame.words(endedBy(agent.endReason()), service) + " "),
                text(frame.ago(at) + " "),
                frame.time(at).with("class", "fine"));
    }

    private static String endedBy(@Nullable EndReason reason) {
        if (reason == EndReason.PERSON) {
            return "agents.ended.person";
        }
        return reason == EndReason.PROVIDER ? "agents.ended.provider" : "agents.ended.service";
    }

    /** Whether it really should end. */
    String end(AgentSummary agent, Action end, String listUrl) {
        List<Html> facts = new ArrayList<>(frame.fact("agents.scopes", frame.scopes(agent.scopes())));
        facts.addAll(frame.fact("open.registration", element("code", text(agent.id()))));
        return frame.page(
                "agents.end.title",
                "end",
                Mark.ALERT,
                List.of(StandardPage.TIMES),
                frame.paragraph("agents.end.text", name(agent), service),
                element("dl", array(facts)),
                frame.paragraph("agents.end.more"),
                frame.form(end, "agents.end.button", "primary"),
                element("p", element("a", text(frame.words("agents.end.keep"))).with("href", listUrl))
                        .with("class", "keep"));
    }

    /** An account for which nothing acts. Whom to ask stands there where the service has said it. */
    String off() {
        List<Html> content = new ArrayList<>(List.of(frame.paragraph("agents.off.text", service)));
        content.addAll(frame.help());
        return frame.page("agents.off.title", "message", Mark.ALERT, List.of(), array(content));
    }

    /** There is no such agent, or not any more. */
    String unknown(String listUrl) {
        return message("agents.gone", listUrl);
    }

    /** A form that was not ours, or of another session. */
    String foreign(String listUrl) {
        return message("agents.foreign", listUrl);
    }

    /** Something that is needed is out of reach. */
    String unavailable(String listUrl) {
        return message("agents.unavailable", listUrl);
    }

    private String message(String state, String listUrl) {
        return frame.page(
                state + ".title",
                "message",
                Mark.ALERT,
                List.of(),
                frame.paragraph(state + ".text", service),
                element("p", element("a", text(frame.words("agents.back.link"))).with("href", listUrl)));
    }

    private static Html[] array(List<? extends Html> content) {
        return content.toArray(Html[]::new);
    }
}
