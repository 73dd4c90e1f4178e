package dev.agentauth.internal.discovery;

import dev.agentauth.ErrorCode;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Urls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes {@code /auth.md}: what an agent has to do, step by step, with this service's own URLs and scopes. */
final class AuthMd {
    private final Settings settings;
    private final StringBuilder out = new StringBuilder(8192);
    private int step;

    AuthMd(Settings settings) {
        this.settings = settings;
    }

    String render() {
        intro();
        discover();
        askThePerson();
        register();
        if (settings.anonymous()) {
            startClaim();
        }
        if (needsCode()) {
            completeClaim();
        }
        exchange();
        use();
        revoke();
        errors();
        retries();
        if (settings.idJag()) {
            forProviders();
        }
        return out.toString();
    }

    private boolean needsCode() {
        return settings.anonymous()
                || settings.verifiedEmail()
                || (settings.idJag() && settings.existingUsers() == ExistingUserPolicy.CONFIRM);
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
                settings.serviceName(),
                settings.resource(),
                url("/agent/identity"),
                url("/oauth2/token"),
                url("/oauth2/revoke"));
        if (settings.anonymous()) {
            text(
                    "| before a person has claimed it (anonymous only) | %s |\n",
                    settings.preClaimScopes().isEmpty() ? "none" : code(settings.preClaimScopes()));
        }
        text("| claimed by a person | %s |\n", code(settings.postClaimScopes()));
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
                Urls.inserted("/.well-known/oauth-protected-resource", settings.resource()),
                Urls.inserted("/.well-known/oauth-protected-resource", settings.resource()),
                Urls.inserted("/.well-known/oauth-authorization-server", settings.issuer()));
    }

    private void askThePerson() {
        step("Ask the person before you say who they are");
        text("""
                Name an e-mail address, or present an assertion about a person, only after that person has agreed to it in
                this conversation. Never guess an address.
                """);
        if (settings.anonymous()) {
            text(
                    "If you are not sure, register anonymously: nothing is said about anybody, and a person can claim it later.\n");
        }
    }

    private void register() {
        step("Register");
        text(
                "Choose the first of these that fits. Keep `registration_id` and every token secret and apart for each person.\n");
        if (settings.idJag()) {
            text(
                    """

                    **Your platform vouches for the person** with an ID-JAG. Have it minted with `aud` = `%s`.

                    ```http
                    POST %s
                    Content-Type: application/json

                    {"type":"identity_assertion","assertion_type":"%s","assertion":"<ID-JAG>"}
                    ```

                    ```json
                    {"registration_id":"reg_...","registration_type":"agent-provider","identity_assertion":"<JWT>",
                     "assertion_expires":"<time>","scopes":%s}
                    ```

                    Each ID-JAG is good for one presentation. Presenting a fresh one later returns the same `registration_id`.
                    """,
                    settings.issuer(),
                    url("/agent/identity"),
                    DiscoveryDocuments.ID_JAG,
                    json(settings.postClaimScopes()));
            if (settings.existingUsers() == ExistingUserPolicy.CONFIRM) {
                text("""

                        If the person already has an account here, the answer is 401 `interaction_required` with a `claim_token`
                        and without an assertion: a link was mailed to the address on file. Go on with completing the claim.
                        """);
            }
        }
        if (settings.verifiedEmail()) {
            text(
                    """

                    **The person told you their e-mail address.** A link is mailed to it at once.

                    ```http
                    POST %s
                    Content-Type: application/json

                    {"type":"identity_assertion","assertion_type":"%s","assertion":"user@example.com"}
                    ```

                    ```json
                    {"registration_id":"reg_...","registration_type":"email-verification","claim_url":"%s",
                     "claim_token":"clm_...","claim_token_expires":"<time>","post_claim_scopes":%s}
                    ```

                    There is no assertion yet. Go on with completing the claim.
                    """,
                    url("/agent/identity"),
                    DiscoveryDocuments.VERIFIED_EMAIL,
                    settings.claimUrl(),
                    json(settings.postClaimScopes()));
        }
        if (settings.anonymous()) {
            text(
                    """

                    **Nobody needs to be named yet.**

                    ```http
                    POST %s
                    Content-Type: application/json

                    {"type":"anonymous"}
                    ```

                    ```json
                    {"registration_id":"reg_...","registration_type":"anonymous","identity_assertion":"<JWT>",
                     "assertion_expires":"<time>","pre_claim_scopes":%s,"post_claim_scopes":%s,
                     "claim_url":"%s","claim_token":"clm_...","claim_token_expires":"<time>"}
                    ```

                    %s
                    Unclaimed, the registration ends at `claim_token_expires`.
                    """,
                    url("/agent/identity"),
                    json(settings.preClaimScopes()),
                    json(settings.postClaimScopes()),
                    settings.claimUrl(),
                    settings.preClaimScopes().isEmpty()
                            ? "There is nothing to exchange it for until a person has claimed the registration."
                            : "The assertion can be exchanged at once for the pre-claim scopes.");
        }
    }

    private void startClaim() {
        step("Have an anonymous registration claimed");
        text("""
                Ask the person for their e-mail address, then:

                ```http
                POST %s
                Content-Type: application/json

                {"claim_token":"clm_...","email":"user@example.com"}
                ```

                ```json
                {"registration_id":"reg_...","claim_attempt_id":"cla_...","status":"initiated","expires_at":"<time>"}
                ```

                Repeating the request while the link is good sends no second mail. Naming another address ends the first link.
                """, settings.claimUrl());
    }

    private void completeClaim() {
        step("Complete the claim");
        text("""
                Tell the person: open the link in the mail, check the registration id, choose *Show the code* and read the six
                digits to me. Then:

                ```http
                POST %s/complete
                Content-Type: application/json

                {"claim_token":"clm_...","otp":"123456"}
                ```
                """, settings.claimUrl());
        if (settings.anonymous()) {
            text(settings.anonymousClaim() == AnonymousClaim.WIDEN ? """

                            An anonymous registration answers `{"registration_id":"reg_...","status":"claimed"}`: the assertion and the
                            tokens that you hold simply may do more from now on.
                            """ : """

                            An anonymous registration also answers with a new `identity_assertion`: what you held before is dead.
                            """);
        }
        text("""

                Every other registration answers `identity_assertion` and `assertion_expires` as well. Five wrong codes void a
                code; the person can show a new one. Never ask for the code in any other way than this.
                """);
    }

    private void exchange() {
        step("Exchange the assertion for an access token");
        text(
                """
                ```http
                POST %s
                Content-Type: application/x-www-form-urlencoded

                grant_type=%s&assertion=<identity assertion>&resource=%s
                ```

                ```json
                {"access_token":"at_...","token_type":"Bearer","expires_in":%d,"scope":"%s"}
                ```

                Add `scope` to ask for less. The same assertion may be exchanged again until it expires: that is the refresh.
                There is no refresh token.
                """,
                url("/oauth2/token"),
                DiscoveryDocuments.JWT_BEARER,
                URLEncoder.encode(settings.resource(), StandardCharsets.UTF_8),
                settings.lifetimes().accessToken().toSeconds(),
                String.join(" ", settings.postClaimScopes()));
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
                settings.anonymous() ? "If it is anonymous, have it claimed." : "Tell the person.");
    }

    private void revoke() {
        step("Stop");
        text("""
                When you no longer need a token, or fear that it leaked:

                ```http
                POST %s
                Content-Type: application/x-www-form-urlencoded

                token=at_...
                ```

                Access can also end without you: the person, their platform or this service may revoke the registration at any
                time. You notice by a 401 and by `invalid_grant`. Do not retry in a loop; tell the person.
                """, url("/oauth2/revoke"));
    }

    private void errors() {
        step("Errors");
        text("""
                Identity endpoints answer `{"error","message"}`, credential endpoints `{"error","error_description"}`.

                | error | status | what to do |
                |---|---|---|
                """);
        for (ErrorCode code : relevantErrors()) {
            text("| `%s` | %d | %s |\n", code.code(), code.status(), code.text());
        }
    }

    private List<ErrorCode> relevantErrors() {
        List<ErrorCode> codes = new ArrayList<>(List.of(ErrorCode.values()));
        if (!settings.idJag()) {
            codes.removeAll(List.of(
                    ErrorCode.INVALID_ISSUER,
                    ErrorCode.INVALID_SIGNATURE,
                    ErrorCode.EXPIRED,
                    ErrorCode.INVALID_AUDIENCE,
                    ErrorCode.INVALID_CLIENT_ID,
                    ErrorCode.REPLAY_DETECTED,
                    ErrorCode.MISSING_VERIFIED_EMAIL,
                    ErrorCode.USER_NOT_FOUND));
        }
        if (!needsCode()) {
            codes.removeAll(List.of(
                    ErrorCode.INVALID_CLAIM_TOKEN,
                    ErrorCode.CLAIMED_OR_IN_FLIGHT,
                    ErrorCode.CLAIM_EXPIRED,
                    ErrorCode.CLAIM_REJECTED,
                    ErrorCode.CLAIM_SUPERSEDED,
                    ErrorCode.CLAIM_COMPLETED,
                    ErrorCode.OTP_INVALID,
                    ErrorCode.OTP_NOT_GENERATED,
                    ErrorCode.OTP_EXPIRED,
                    ErrorCode.PREVIOUSLY_CLAIMED));
        }
        if (!settings.idJag() || settings.existingUsers() != ExistingUserPolicy.CONFIRM) {
            codes.remove(ErrorCode.INTERACTION_REQUIRED);
        }
        drop(codes, settings.anonymous(), ErrorCode.ANONYMOUS_NOT_ENABLED);
        drop(codes, settings.verifiedEmail(), ErrorCode.VERIFIED_EMAIL_NOT_ENABLED);
        drop(codes, settings.idJag(), ErrorCode.ID_JAG_NOT_ENABLED);
        return codes;
    }

    private static void drop(List<ErrorCode> codes, boolean enabled, ErrorCode notEnabled) {
        if (enabled) {
            codes.remove(notEnabled);
        }
    }

    private void retries() {
        step("When to retry");
        text("""
                * **5xx, or no answer**: the same request may be sent again. Wait for `Retry-After`, or 1 second, then twice as long
                  each time, five times at the most.%s
                * **429**: wait for `Retry-After`.
                * **any other 4xx**: the same request will fail again. Act on the table above.
                """, settings.idJag() ? " An ID-JAG may be spent by then: present a fresh one." : "");
    }

    private void forProviders() {
        step("For agent platforms");
        text("""
                ID-JAGs carry `typ: oauth-id-jag+jwt`, `iss`, `sub`, `aud` = `%s`, `client_id`, `jti`, `iat`, `exp` at most one hour
                later, and a verified `email` or `phone_number`. When a person signs out or leaves, send a logout token
                (`typ: logout+jwt`, `Content-Type: application/logout+jwt`) to `%s`: everything that you vouched for until then ends.
                """, settings.issuer(), url("/agent/auth/revoke"));
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

    /** For a cell of a table, which a bar would end. */
    private static String code(List<String> scopes) {
        return "`" + String.join("`, `", scopes).replace("|", "\\|") + "`";
    }

    private static String json(List<String> scopes) {
        return scopes.isEmpty() ? "[]" : "[\"" + String.join("\",\"", scopes) + "\"]";
    }
}
