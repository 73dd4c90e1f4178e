package dev.agentauth.internal.wire;

import dev.agentauth.AttemptHandle;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ClaimStarted;
import dev.agentauth.CodeToType;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedRefreshToken;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.Secret;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Settings;
import dev.agentauth.registration.PollPace;
import dev.agentauth.registration.RegistrationKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code /auth.md}: what an agent has to do, step by step, with this service's own URLs and scopes. It teaches one way,
 * by production's names and with the code read back; {@link OtherSpellings} has the rest.
 */
final class AuthMd {
    private final Settings settings;
    private final Answers answers;
    private final Page page = new Page();

    AuthMd(Settings settings) {
        this.settings = settings;
        this.answers = new Answers(settings.base());
    }

    String render() {
        intro();
        discover();
        pickMethod();
        register();
        if (on(Feature.CLAIM)) {
            claim();
        }
        exchange();
        use();
        errors();
        revocation();
        new OtherSpellings(settings, page).write();
        return page.written();
    }

    private boolean on(Feature feature) {
        return settings.features().has(feature);
    }

    private void intro() {
        page.text(
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
            page.text(
                    "| before a person has claimed it (anonymous only) | %s |\n",
                    settings.preClaimScopes().isEmpty() ? "none" : Markdown.cell(settings.preClaimScopes()));
        }
        page.text("| claimed by a person | %s |\n", Markdown.cell(settings.postClaimScopes()));
    }

    private void discover() {
        page.heading("Step 1 — Discover");
        page.text(
                """
                A request without a valid token is answered with a `WWW-Authenticate` header that says where to look:

                ```http
                HTTP/1.1 401 Unauthorized
                WWW-Authenticate: Bearer resource_metadata="%s"
                ```

                Read that document, then the metadata of its `authorization_servers[0]`:

                ```sh
                curl -s %s
                curl -s %s
                ```

                The second has the `token_endpoint`, the `revocation_endpoint` and a block `agent_auth` with the `identity_endpoint`, the
                `claim_endpoint` and the `identity_types_supported`. Take the URLs from there: those below are the same.
                """,
                WellKnown.url(Paths.PROTECTED_RESOURCE, settings.resource()),
                Markdown.shell(WellKnown.url(Paths.PROTECTED_RESOURCE, settings.resource())),
                Markdown.shell(WellKnown.url(Paths.AUTHORIZATION_SERVER, settings.issuer())));
    }

    private void pickMethod() {
        page.heading("Step 2 — Pick a method");
        page.text("Choose the first of these that fits.\n\n| if | method | then |\n|---|---|---|\n");
        if (on(Feature.ID_JAG)) {
            page.text(
                    "| your platform vouches for the person with an ID-JAG | `%s` | %s |\n",
                    Requests.IDENTITY_ASSERTION,
                    on(Feature.CONFIRMATION)
                            ? "usually go on with step 5; a person who has an account here confirms first (step 4)"
                            : "go on with step 5");
        }
        if (on(Feature.EMAIL)) {
            page.text(
                    "| the person told you their e-mail address | `%s` | the person confirms (step 4) |\n",
                    Requests.SERVICE_AUTH);
        }
        if (on(Feature.ANONYMOUS)) {
            page.text(
                    "| nobody needs to be named yet | `%s` | %s |\n",
                    Requests.ANONYMOUS,
                    settings.preClaimScopes().isEmpty()
                            ? "have a person claim the registration (step 4)"
                            : "go on with step 5; have a person claim the registration (step 4) when you need more");
        }
        page.subheading("Ask the person before you say who they are");
        page.text("""
                Name an e-mail address, or present an assertion about a person, only after that person has agreed to it in
                this conversation. Never guess an address.
                """);
        if (on(Feature.ANONYMOUS)) {
            page.text(
                    "If you are not sure, register anonymously: nothing is said about anybody, and a person can claim it later.\n");
        }
    }

    private void register() {
        page.heading("Step 3 — Register");
        page.text("""
                Each method is a `POST` to the `identity_endpoint`. Keep the `id` and every token secret, and apart for each person.
                Answers carry the names of several versions of the protocol side by side: read those that this page speaks of, and
                ignore the rest.
                """);
        if (on(Feature.ID_JAG)) {
            registerByIdJag();
        }
        if (on(Feature.EMAIL)) {
            page.subheading("The person told you their e-mail address");
            page.post(url(Paths.IDENTITY), new Requests.Register.ByEmail(Samples.ADDRESS, true).members());
            registered(
                    new Registered.Email(Samples.ID, settings.postClaimScopes(), Samples.CLAIM, attempt()),
                    Spelling.HINTED);
            page.text("""

                    The person is being asked, and there is no assertion yet. Keep `claim.token`, and go on with step 4.
                    """);
            if (on(Feature.NAMELESS)) {
                page.text(
                        "If you do not know the address, leave `login_hint` out: whoever signs in behind the link is asked.\n");
            }
        }
        if (on(Feature.ANONYMOUS)) {
            page.subheading("Nobody needs to be named yet");
            page.post(url(Paths.IDENTITY), new Requests.Register.Anonymous().members());
            registered(
                    new Registered.Anonymous(
                            Samples.ID,
                            Samples.ASSERTION,
                            settings.preClaimScopes(),
                            settings.postClaimScopes(),
                            Samples.CLAIM),
                    Spelling.BASE);
            page.text(
                    """

                    %s Keep `claim.token`: unclaimed, the registration ends at `claim.expires_at`.
                    """,
                    settings.preClaimScopes().isEmpty()
                            ? "There is nothing to exchange it for until a person has claimed the registration."
                            : "`identity.assertion` can be exchanged at once for the pre-claim scopes.");
        }
    }

    private void registerByIdJag() {
        page.subheading("Your platform vouches for the person");
        page.text("""
                Have the ID-JAG minted with `aud` = `%s`: `typ: oauth-id-jag+jwt`, `iss`, `sub`, `client_id`, `jti`, `iat`, `exp` at
                most one hour later, and a verified `email` or `phone_number`.

                """, settings.issuer());
        page.post(url(Paths.IDENTITY), new Requests.Register.ByIdJag(Samples.ID_JAG).members());
        registered(new Registered.Provider(Samples.ID, Samples.ASSERTION, settings.postClaimScopes()), Spelling.BASE);
        page.text("""

                Each ID-JAG is good for one presentation. Presenting a fresh one later returns the same `id`.
                """);
        if (on(Feature.CONFIRMATION)) {
            page.text("""

                    If the person already has an account here, the answer is 401 `interaction_required` with a `claim`
                    and without an assertion: the person is asked%s. Keep `claim.token`, and go on with step 4.

                    """, on(Feature.SIGN_IN) ? " and has to sign in" : " at the address on file");
            registered(
                    new Registered.StepUp(Samples.ID, settings.postClaimScopes(), Samples.CLAIM, attempt()),
                    Spelling.BASE);
        }
    }

    private void claim() {
        page.heading("Step 4 — Claim ceremony");
        page.text("A person says yes, and the registration is theirs.\n");
        if (on(Feature.ANONYMOUS)) {
            page.subheading("Have the person asked");
            page.text("""
                    Only for an anonymous registration: for any other this has happened already. Ask the person for their e-mail
                    address, then:

                    """);
            page.post(
                    url(Paths.CLAIM),
                    new Requests.Start(Samples.CLAIM.token(), Optional.of(Samples.ADDRESS))
                            .members(Spelling.PRODUCTION_HINTED));
            page.answer(answers.started(new ClaimStarted(Samples.ID, "cla_...", attempt())));
            page.text(
                    "\nRepeating the request while the link is good %s. Naming another address ends the first link.\n",
                    on(Feature.SIGN_IN) ? "gives a fresh one, and ends the one before" : "sends no second mail");
        }
        page.subheading("Bring the code");
        page.text(on(Feature.SIGN_IN) ? """
                        Give the person the link `attempt.verification_uri`, and tell them: open it, sign in, check who asks and for
                        what, choose *Show the code* and read the six digits to me. Then:

                        """ : """
                        Tell the person: open the link in the mail, check who asks and for what, choose *Show the code* and read the six
                        digits to me. `attempt.verification_uri` is a page that says so, too. Then:

                        """);
        page.post(url(Paths.COMPLETE), new Requests.Complete(Samples.CLAIM.token(), Samples.CODE, true).members());
        page.answer(answers.completed(new ClaimCompleted(Samples.ID, Optional.of(Samples.ASSERTION), refreshToken())));
        page.text(
                "\nExchange `identity.assertion` as step 5 says.%s\n",
                on(Feature.ANONYMOUS)
                        ? " It is a new one:" + " what an anonymous registration held before is dead."
                        : "");
        page.text("""

                Five wrong codes void a code; the person can show a new one. Never ask for the code in any other way than this.
                """);
        if (on(Feature.TYPED_CODE)) {
            page.text("""
                    A `user_code` that an answer gave you is another code, and wrong here: the table at the end says what it is for.
                    """);
        }
    }

    private void exchange() {
        page.heading("Step 5 — Exchange the assertion");
        page.form(
                url(Paths.TOKEN),
                new Requests.Token.Exchange(Secret.of("<identity.assertion>"), null, List.of(settings.resource()))
                        .parameters());
        page.fence(
                "json",
                new String(
                        answers.token(new IssuedToken(
                                Samples.TOKEN, settings.lifetimes().accessToken(), settings.postClaimScopes())),
                        StandardCharsets.US_ASCII));
        page.text("""

                Add `scope` to ask for less. The same assertion may be exchanged again until it expires.
                """);
        if (refreshToken().isPresent()) {
            refresh();
        }
    }

    private void refresh() {
        page.subheading("When the assertion has expired");
        page.text("""
                With `identity.refresh_token`, if you were given one, you get a new assertion without asking the person again:

                """);
        page.post(url(Paths.IDENTITY), new Requests.Register.ByRefreshToken(Samples.REFRESH_TOKEN.value()).members());
        registered(
                new Registered.Refreshed(
                        Samples.ID,
                        on(Feature.EMAIL) ? RegistrationKind.EMAIL : RegistrationKind.ANONYMOUS,
                        Samples.ASSERTION,
                        settings.postClaimScopes(),
                        Samples.REFRESH_TOKEN),
                Spelling.PRODUCTION);
        page.text("""

                Each refresh token is good for one use: store the new one before you use anything else of the answer, and forget the
                old one. If no answer came, send the same request again within a minute. Later than that, a token that was used
                before ends everything that was issued to you, since somebody else may have used it.
                """);
    }

    private Optional<IssuedRefreshToken> refreshToken() {
        return on(Feature.REFRESH) && (on(Feature.ANONYMOUS) || on(Feature.EMAIL))
                ? Optional.of(Samples.REFRESH_TOKEN)
                : Optional.empty();
    }

    private void use() {
        page.heading("Step 6 — Use the access_token");
        page.text(
                """
                ```sh
                curl -s %s -H 'Authorization: Bearer %s'
                ```

                * **401 with `error="invalid_token"`, for a token that worked**: exchange the current assertion once. If that fails
                  too, discard the assertion and start over at discovery.
                * **An expired access token**: exchange the same assertion again.
                * **403 with `error="insufficient_scope"`**: the registration may not do this. %s
                * **`invalid_grant`, or an expired assertion**: start over at registration%s.
                """,
                Markdown.shell(settings.resource()),
                Samples.TOKEN.reveal(),
                on(Feature.ANONYMOUS) ? "If it is anonymous, have it claimed (step 4)." : "Tell the person.",
                refreshToken().isPresent() ? ", unless your refresh token gets you a new one (step 5)" : "");
    }

    private void errors() {
        page.heading("Errors");
        Refusal sample = Refusal.of(ErrorCode.INVALID_REQUEST);
        page.text(
                "Identity endpoints answer as follows. Act on `code`; every 401 also has a `WWW-Authenticate` header:\n\n");
        page.answer(Envelope.IDENTITY.members(sample));
        page.text("\nCredential endpoints and the API answer as follows. Act on `error`:\n\n");
        page.answer(Envelope.CREDENTIAL.members(sample));
        page.text("""

                | code or error | status | what to do |
                |---|---|---|
                """);
        Errors.told(settings.features())
                .forEach(told -> page.text("| `%s` | %d | %s |\n", told.name(), told.status(), told.text()));
        page.subheading("When to retry");
        page.text("""
                * **5xx, or no answer**: the same request may be sent again. Wait for `Retry-After`, or 1 second, then twice as long
                  each time, five times at the most.%s
                * **429**: wait for `Retry-After`.
                * **any other 4xx**: the same request will fail again. Act on the table above.
                """, on(Feature.ID_JAG) ? " An ID-JAG may be spent by then: present a fresh one." : "");
    }

    private void revocation() {
        page.heading("Revocation");
        page.text("""
                Access can end without you: the person, their platform or this service may revoke the registration at any time.
                You notice by a 401 and by `invalid_grant`. Do not retry in a loop; tell the person.
                """);
        page.subheading("Stop");
        page.text("When you no longer need a token, or fear that it leaked:\n\n");
        page.form(url(Paths.REVOKE), new Requests.Revoke(Samples.TOKEN).parameters());
        page.text(
                "The answer is 200, without a body.%s\n",
                refreshToken().isPresent()
                        ? " A refresh token may be sent as well, and ends all that was issued to you."
                        : "");
        if (on(Feature.ID_JAG)) {
            page.subheading("For agent platforms");
            page.text("""
                    When a person signs out or leaves, send a logout token (`typ: logout+jwt`, `Content-Type:
                    application/logout+jwt`) to `%s`, or a security event (`typ: secevent+jwt`, `Content-Type:
                    application/secevent+jwt`) to `%s`: everything that you vouched for until then ends.
                    """, url(Paths.LOGOUT), url(Paths.EVENTS));
        }
    }

    private String url(String path) {
        return settings.base() + path;
    }

    private void registered(Registered outcome, Spelling spelling) {
        page.answer(answers.registered(outcome, spelling).members());
    }

    /** Where people sign in, it is the agent that has the link. */
    private AttemptHandle attempt() {
        return new AttemptHandle(
                on(Feature.SIGN_IN) ? Optional.of(Secret.of(Paths.link(settings.base(), "svt_..."))) : Optional.empty(),
                Samples.TIME,
                on(Feature.TYPED_CODE) ? Optional.of(Samples.TYPED) : Optional.empty());
    }

    /** What stands for the values in examples. */
    static final class Samples {
        static final String ID = "reg_...";
        static final Instant TIME = Instant.parse("2026-05-04T13:00:00Z");
        static final IssuedAssertion ASSERTION = new IssuedAssertion(Secret.of("<JWT>"), TIME);
        static final IssuedRefreshToken REFRESH_TOKEN = new IssuedRefreshToken(Secret.of("rt_..."), TIME);
        static final ClaimHandle CLAIM = new ClaimHandle(Secret.of("clm_..."), TIME);
        static final CodeToType TYPED =
                new CodeToType(Secret.of("246810"), Duration.ofMinutes(10), PollPace.FIRST_INTERVAL);
        static final Secret ADDRESS = Secret.of("user@example.com");
        static final Secret ID_JAG = Secret.of("<ID-JAG>");
        static final Secret TOKEN = Secret.of("at_...");
        static final Secret CODE = Secret.of("123456");

        private Samples() {}
    }
}
