package dev.agentauth.internal.wire;

import dev.agentauth.AttemptHandle;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ClaimStarted;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.Secret;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes {@code /auth.md}: what an agent has to do, step by step, with this service's own URLs and scopes. */
final class AuthMd {
    private static final int LINE = 110;

    private final Settings settings;
    private final Answers answers;
    private final StringBuilder out = new StringBuilder(8192);
    private int step;

    AuthMd(Settings settings) {
        this.settings = settings;
        this.answers = new Answers(settings.base());
    }

    String render() {
        intro();
        discover();
        askThePerson();
        register();
        if (on(Feature.ANONYMOUS)) {
            startClaim();
        }
        if (on(Feature.CLAIM)) {
            completeClaim();
        }
        exchange();
        use();
        revoke();
        errors();
        retries();
        if (on(Feature.ID_JAG)) {
            forProviders();
        }
        return out.toString();
    }

    private boolean on(Feature feature) {
        return settings.features().has(feature);
    }

    private void intro() {
        text(
                """
                # auth.md

                How an agent gets access to **%s** (`%s`), without a sign-up form.

                Two surfaces, kept apart:

                | surface | endpoints | what it hands out |
                |---|---|---|
                | identity | `%s` and below | an **identity assertion**: a JWT that says which registration you are. Never a credential |
                | credential | `%s`, `%s` | an **access token** for the API |

                What a registration may do:

                | state | scopes |
                |---|---|
                """,
                Markdown.text(settings.serviceName()),
                settings.resource(),
                url(Paths.IDENTITY),
                url(Paths.TOKEN),
                url(Paths.REVOKE));
        if (on(Feature.ANONYMOUS)) {
            text(
                    "| before a person has claimed it (anonymous only) | %s |\n",
                    settings.preClaimScopes().isEmpty() ? "none" : Markdown.cell(settings.preClaimScopes()));
        }
        text("| claimed by a person | %s |\n", Markdown.cell(settings.postClaimScopes()));
    }

    private void discover() {
        step("Discover");
        text(
                """
                A request without a valid token is answered:

                ```http
                HTTP/1.1 401 Unauthorized
                WWW-Authenticate: Bearer resource_metadata="%s"
                ```

                Read that document, then the metadata of its `authorization_servers[0]`:

                ```sh
                curl %s
                curl %s
                ```

                The `agent_auth` block of the second names every endpoint used below. Take the URLs from there.
                """,
                WellKnown.url(Paths.PROTECTED_RESOURCE, settings.resource()),
                Markdown.shell(WellKnown.url(Paths.PROTECTED_RESOURCE, settings.resource())),
                Markdown.shell(WellKnown.url(Paths.AUTHORIZATION_SERVER, settings.issuer())));
    }

    private void askThePerson() {
        step("Ask the person before you say who they are");
        text("""
                Name an e-mail address, or present an assertion about a person, only after that person has agreed to it in
                this conversation. Never guess an address.
                """);
        if (on(Feature.ANONYMOUS)) {
            text(
                    "If you are not sure, register anonymously: nothing is said about anybody, and a person can claim it later.\n");
        }
    }

    private void register() {
        step("Register");
        text(
                "Choose the first of these that fits. Keep `registration_id` and every token secret and apart for each person.\n");
        if (on(Feature.ID_JAG)) {
            text("""

                    **Your platform vouches for the person** with an ID-JAG. Have it minted with `aud` = `%s`.

                    """, settings.issuer());
            post(Paths.IDENTITY, new Requests.Register.ByIdJag(Samples.ID_JAG).members());
            registered(new Registered.Provider(Samples.ID, Samples.ASSERTION, settings.postClaimScopes()));
            text("""

                    Each ID-JAG is good for one presentation. Presenting a fresh one later returns the same `registration_id`.
                    """);
            if (on(Feature.CONFIRMATION)) {
                text("""

                        If the person already has an account here, the answer is 401 `interaction_required` with a `claim_token`
                        and without an assertion: a link was mailed to the address on file. Go on with completing the claim.

                        """);
                registered(
                        new Registered.StepUp(Samples.ID, settings.postClaimScopes(), Samples.CLAIM, Samples.ATTEMPT));
            }
        }
        if (on(Feature.EMAIL)) {
            text("""

                    **The person told you their e-mail address.** A link is mailed to it at once.

                    """);
            post(Paths.IDENTITY, new Requests.Register.ByEmail(Samples.ADDRESS, false).members());
            registered(new Registered.Email(Samples.ID, settings.postClaimScopes(), Samples.CLAIM, Samples.ATTEMPT));
            text("\nThere is no assertion yet. Go on with completing the claim.\n");
        }
        if (on(Feature.ANONYMOUS)) {
            text("\n**Nobody needs to be named yet.**\n\n");
            post(Paths.IDENTITY, new Requests.Register.Anonymous().members());
            registered(new Registered.Anonymous(
                    Samples.ID,
                    Samples.ASSERTION,
                    settings.preClaimScopes(),
                    settings.postClaimScopes(),
                    Samples.CLAIM));
            text(
                    """

                    %s
                    Unclaimed, the registration ends at `claim_token_expires`.
                    """,
                    settings.preClaimScopes().isEmpty()
                            ? "There is nothing to exchange it for until a person has claimed the registration."
                            : "The assertion can be exchanged at once for the pre-claim scopes.");
        }
    }

    private void startClaim() {
        step("Have an anonymous registration claimed");
        text("Ask the person for their e-mail address, then:\n\n");
        post(Paths.CLAIM, new Requests.Start(Samples.CLAIM.token(), Samples.ADDRESS).members());
        answer(answers.started(new ClaimStarted(Samples.ID, "cla_...", Samples.ATTEMPT)));
        text("""

                Repeating the request while the link is good sends no second mail. Naming another address ends the first link.
                """);
    }

    private void completeClaim() {
        step("Complete the claim");
        text("""
                Tell the person: open the link in the mail, check the registration id, choose *Show the code* and read the six
                digits to me. Then:

                """);
        post(
                Paths.COMPLETE,
                new Requests.Complete(Samples.CLAIM.token(), Secret.of("123456"), Optional.empty()).members());
        boolean widens = settings.anonymousClaim() == AnonymousClaim.WIDEN;
        if (on(Feature.ANONYMOUS)) {
            text("An anonymous registration answers:\n\n");
            completed(widens ? Optional.empty() : Optional.of(Samples.ASSERTION));
            text(
                    widens
                            ? "\nThe assertion and the tokens that you hold simply may do more from now on.\n\n"
                            : "\nThat is a new `identity_assertion`: what you held before is dead.\n\n");
        }
        if (on(Feature.EMAIL) || on(Feature.CONFIRMATION)) {
            text("%s answers:\n\n", on(Feature.ANONYMOUS) ? "Every other registration" : "The service");
            completed(Optional.of(Samples.ASSERTION));
        }
        text("""

                Five wrong codes void a code; the person can show a new one. Never ask for the code in any other way than this.
                """);
    }

    private void exchange() {
        step("Exchange the assertion for an access token");
        form(
                Paths.TOKEN,
                new Requests.Token.Exchange(Secret.of("<identity assertion>"), null, List.of(settings.resource()))
                        .parameters());
        fence(
                "json",
                new String(
                        answers.token(new IssuedToken(
                                Samples.TOKEN, settings.lifetimes().accessToken(), settings.postClaimScopes())),
                        StandardCharsets.US_ASCII));
        text("""

                Add `scope` to ask for less. The same assertion may be exchanged again until it expires: that is the refresh.
                There is no refresh token.
                """);
    }

    private void use() {
        step("Use the token");
        text(
                """
                ```http
                GET %s
                Authorization: Bearer at_...
                ```

                * **401 with `error="invalid_token"`, for a token that worked**: exchange the current assertion once. If that fails
                  too, discard the assertion and start over at discovery.
                * **An expired access token**: exchange the same assertion again.
                * **403 with `error="insufficient_scope"`**: the registration may not do this. %s
                * **`invalid_grant`, or an expired assertion**: start over at registration.
                """,
                settings.resource(),
                on(Feature.ANONYMOUS) ? "If it is anonymous, have it claimed." : "Tell the person.");
    }

    private void revoke() {
        step("Stop");
        text("When you no longer need a token, or fear that it leaked:\n\n");
        form(Paths.REVOKE, new Requests.Revoke(Samples.TOKEN).parameters());
        text("""
                Access can also end without you: the person, their platform or this service may revoke the registration at any
                time. You notice by a 401 and by `invalid_grant`. Do not retry in a loop; tell the person.
                """);
    }

    private void errors() {
        step("Errors");
        Refusal sample = Refusal.of(ErrorCode.INVALID_REQUEST);
        text("Identity endpoints answer:\n\n");
        answer(Envelope.IDENTITY.members(sample));
        text("\nCredential endpoints answer:\n\n");
        answer(Envelope.CREDENTIAL.members(sample));
        text("""

                | error | status | what to do |
                |---|---|---|
                """);
        for (ErrorCode code : Errors.told(settings.features())) {
            text("| `%s` | %d | %s |\n", code.code(), code.status(), code.text());
        }
    }

    private void retries() {
        step("When to retry");
        text("""
                * **5xx, or no answer**: the same request may be sent again. Wait for `Retry-After`, or 1 second, then twice as long
                  each time, five times at the most.%s
                * **429**: wait for `Retry-After`.
                * **any other 4xx**: the same request will fail again. Act on the table above.
                """, on(Feature.ID_JAG) ? " An ID-JAG may be spent by then: present a fresh one." : "");
    }

    private void forProviders() {
        step("For agent platforms");
        text("""
                ID-JAGs carry `typ: oauth-id-jag+jwt`, `iss`, `sub`, `aud` = `%s`, `client_id`, `jti`, `iat`, `exp` at most one hour
                later, and a verified `email` or `phone_number`. When a person signs out or leaves, send a logout token
                (`typ: logout+jwt`, `Content-Type: application/logout+jwt`) to `%s`: everything that you vouched for until then ends.
                """, settings.issuer(), url(Paths.LOGOUT));
    }

    private void step(String title) {
        step++;
        text("\n## %d. %s\n\n", step, title);
    }

    private void text(String format, Object... arguments) {
        out.append(arguments.length == 0 ? format : String.format(java.util.Locale.ROOT, format, arguments));
    }

    private String url(String path) {
        return settings.base() + path;
    }

    // Examples: what the code that reads requests and writes answers makes of samples

    private void post(String path, Map<String, ?> members) {
        fence("http", "POST " + url(path) + "\nContent-Type: application/json\n\n" + layOut(members));
        text("\n");
    }

    private void form(String path, Map<String, String> parameters) {
        String form = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + formValue(parameter.getValue()))
                .collect(Collectors.joining("&"));
        fence("http", "POST " + url(path) + "\nContent-Type: application/x-www-form-urlencoded\n\n" + form);
        text("\n");
    }

    private void registered(Registered outcome) {
        answer(answers.registered(outcome, Spelling.BASE).members());
    }

    private void completed(Optional<IssuedAssertion> assertion) {
        answer(answers.completed(new ClaimCompleted(Samples.ID, assertion)));
    }

    private void answer(Map<String, ?> members) {
        fence("json", layOut(members));
    }

    private void fence(String language, String content) {
        out.append("```").append(language).append('\n').append(content).append("\n```\n");
    }

    /** Placeholders, and what has one spelling in a form, stay as they are. */
    private static String formValue(String value) {
        return value.startsWith("<") || value.matches("[A-Za-z0-9:._-]+")
                ? value
                : URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** JSON with line breaks between its members where a line would become long. */
    private static String layOut(Map<String, ?> members) {
        StringBuilder json = new StringBuilder("{");
        int lineStart = 0;
        for (Map.Entry<String, ?> member : members.entrySet()) {
            String whole = new String(Json.write(Map.of(member.getKey(), member.getValue())), StandardCharsets.UTF_8);
            String text = whole.substring(1, whole.length() - 1);
            if (json.length() > 1) {
                json.append(',');
                if (json.length() - lineStart + text.length() > LINE) {
                    json.append("\n ");
                    lineStart = json.length();
                }
            }
            json.append(text);
        }
        return json.append('}').toString();
    }

    /** What stands for the values in examples. */
    private static final class Samples {
        static final String ID = "reg_...";
        static final Instant TIME = Instant.parse("2026-05-04T13:00:00Z");
        static final IssuedAssertion ASSERTION = new IssuedAssertion(Secret.of("<JWT>"), TIME);
        static final ClaimHandle CLAIM = new ClaimHandle(Secret.of("clm_..."), TIME);
        static final AttemptHandle ATTEMPT = new AttemptHandle(TIME);
        static final Secret ADDRESS = Secret.of("user@example.com");
        static final Secret ID_JAG = Secret.of("<ID-JAG>");
        static final Secret TOKEN = Secret.of("at_...");
    }
}
