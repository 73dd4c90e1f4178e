package dev.agentauth.examples.readme;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.ClaimPage;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClaimPageView;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Mailed;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.SignIn;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/** The code blocks of docs/claim-page.md. */
final class ClaimPageExamples {
    private ClaimPageExamples() {}

    static AgentAuthServlet configured(AgentAuth auth, byte[] logo, ResourceBundle english, ResourceBundle german) {
        // begin: ClaimPageExample
        ClaimPage page = ClaimPage.builder()
                .name("Northwind Notes")
                .logo(logo, "image/svg+xml", "")
                .accent("#0f766e")
                .support("mailto:help@northwind.example")
                .manage("/account/agents")
                .texts(Locale.ENGLISH, english)
                .texts(Locale.GERMAN, german)
                .build();
        AgentAuthServlet servlet =
                AgentAuthServlet.builder(auth).claimPage(page).build();
        // end: ClaimPageExample
        return servlet;
    }

    /** People see and end their agents. */
    static AgentAuthServlet yourAgents(AgentAuthBuilder builder, SignIn people) {
        // begin: YourAgentsExample
        AgentAuth auth = builder.manageUrl("https://notes.example.com/agent/yours")
                .scopeTexts(Locale.ENGLISH, Map.of("notes.write", "Change and delete your notes"))
                .build();
        AgentAuthServlet servlet =
                AgentAuthServlet.builder(auth).yourAgents(people).build();
        // end: YourAgentsExample
        return servlet;
    }

    /** Fills a template with values, which it escapes. */
    interface Templates {
        String fill(String template, Locale language, Map<String, Object> values);
    }

    // begin: OwnPageExample
    record OwnPage(Templates templates) implements ClaimPageRenderer {
        @Override
        public String render(ClaimPageView view) {
            Locale language = view.setting().language();
            if (view instanceof Decision decision) {
                return templates.fill(
                        "decide",
                        language,
                        Map.of(
                                "agent", decision.claim().agentName(),
                                "scopes", decision.claim().scopes(),
                                "fields", decision.reveal().fields(),
                                "typeUrl", decision.type().map(Action::url).orElse(""),
                                "mistyped", decision.mistyped().map(Enum::name).orElse(""),
                                "revealUrl", decision.reveal().url(),
                                "rejectUrl", decision.reject().url()));
            } else if (view instanceof Code code) {
                return templates.fill(
                        "code",
                        language,
                        Map.of(
                                "code", code.code().reveal(),
                                "shownAt", code.shownAt(),
                                "expiresAt", code.expiresAt(),
                                "agent", code.claim().agentName(),
                                "scopes", code.claim().scopes(),
                                "fields", code.renew().fields(),
                                "renewUrl", code.renew().url(),
                                "rejectUrl", code.reject().url()));
            } else if (view instanceof Closed closed) {
                return templates.fill("closed", language, Map.of("reason", closed.reason()));
            } else if (view instanceof Mailed) {
                return templates.fill("mailed", language, Map.of());
            }
            return templates.fill("problem", language, Map.of("kind", ((Problem) view).kind()));
        }
    }
    // end: OwnPageExample
}
