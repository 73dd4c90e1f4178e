package dev.agentauth.internal.wire;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each endpoint can be asked, and how that is spelled. The members of a request stand here alone: as they are read, and
 * for the examples of {@code /auth.md} as they are written.
 */
public final class Requests {
    private static final String TYPE = "type";
    static final String ANONYMOUS = "anonymous";
    static final String IDENTITY_ASSERTION = "identity_assertion";
    private static final String ASSERTION_TYPE = "assertion_type";
    private static final String ASSERTION = "assertion";
    static final String VERIFIED_EMAIL = "verified_email";
    static final String SERVICE_AUTH = "service_auth";
    private static final String REFRESH = "refresh";
    static final String REFRESH_TOKEN = "refresh_token";
    private static final String LOGIN_HINT = "login_hint";

    private static final String CLAIM_TOKEN = "claim_token";
    private static final String EMAIL = "email";
    private static final String ATTEMPT_TOKEN = "claim_attempt_token";
    private static final String OTP = "otp";
    /** Production's name for the code that is read back, and everybody's for the one that is typed. */
    public static final String USER_CODE = "user_code";

    private static final Set<String> TYPES_OF_START = Set.of(LOGIN_HINT, SERVICE_AUTH);

    private static final String GRANT_TYPE = "grant_type";
    private static final String SCOPE = "scope";
    private static final String RESOURCE = "resource";
    static final String TOKEN = "token";
    private static final String TOKEN_TYPE_HINT = "token_type_hint";
    static final String CLIENT_ID = "client_id";
    private static final String CLIENT_SECRET = "client_secret";
    private static final String LOGOUT_TOKEN = "logout_token";

    private Requests() {}

    /** {@code POST /agent/identity}. */
    public sealed interface Register {

        /** Without naming anybody. */
        record Anonymous() implements Register {}

        /** By the person's address; hinted where the request calls it a login hint. */
        record ByEmail(Secret address, boolean hinted) implements Register {}

        /** By a login hint that is left out: whoever signs in. */
        record ByWhoeverSignsIn() implements Register {}

        /** By a provider's word. */
        record ByIdJag(Secret idJag) implements Register {}

        /** By a refresh token. */
        record ByRefreshToken(Secret token) implements Register {}

        /** Reads it, in whatever way it is spelled. */
        static Register read(JsonObject body) throws JsonFormatException {
            return switch (body.requiredString(TYPE)) {
                case ANONYMOUS -> new Anonymous();
                case IDENTITY_ASSERTION -> readAssertion(body);
                case SERVICE_AUTH ->
                    body.string(LOGIN_HINT)
                            .<Register>map(hint -> new ByEmail(Secret.of(hint), true))
                            .orElseGet(ByWhoeverSignsIn::new);
                case REFRESH -> new ByRefreshToken(secret(body, REFRESH_TOKEN));
                default -> throw malformed("The type must be anonymous, identity_assertion, service_auth or refresh.");
            };
        }

        /** Whose words it speaks. */
        static Spelling spelling(JsonObject body) {
            if (body.is(TYPE, REFRESH)) {
                return Spelling.PRODUCTION;
            }
            return body.is(TYPE, SERVICE_AUTH) ? Spelling.HINTED : Spelling.BASE;
        }

        private static Register readAssertion(JsonObject body) throws JsonFormatException {
            String type = body.string(ASSERTION_TYPE).orElse(Urns.ID_JAG);
            Secret assertion = Secret.of(body.requiredString(ASSERTION));
            return switch (type) {
                case Urns.ID_JAG -> new ByIdJag(assertion);
                case VERIFIED_EMAIL -> new ByEmail(assertion, false);
                default -> throw malformed("The assertion_type must be verified_email or that of an ID-JAG.");
            };
        }

        /** The members, in the spelling that {@code /auth.md} teaches. */
        default Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            if (this instanceof Anonymous) {
                members.put(TYPE, ANONYMOUS);
                return members;
            }
            if (this instanceof ByWhoeverSignsIn) {
                members.put(TYPE, SERVICE_AUTH);
                return members;
            }
            if (this instanceof ByEmail byEmail && byEmail.hinted()) {
                members.put(TYPE, SERVICE_AUTH);
                members.put(LOGIN_HINT, byEmail.address().reveal());
                return members;
            }
            if (this instanceof ByRefreshToken byRefreshToken) {
                members.put(TYPE, REFRESH);
                members.put(REFRESH_TOKEN, byRefreshToken.token().reveal());
                return members;
            }
            members.put(TYPE, IDENTITY_ASSERTION);
            if (this instanceof ByIdJag byIdJag) {
                members.put(ASSERTION_TYPE, Urns.ID_JAG);
                members.put(ASSERTION, byIdJag.idJag().reveal());
            } else if (this instanceof ByEmail byEmail) {
                members.put(ASSERTION_TYPE, VERIFIED_EMAIL);
                members.put(ASSERTION, byEmail.address().reveal());
            }
            return members;
        }
    }

    /** {@code POST …/claim}: somebody is to be asked. */
    public record Start(Secret claimToken, Optional<Secret> address) {
        /** Reads it. */
        public static Start read(JsonObject body) throws JsonFormatException {
            Secret claimToken = secret(body, CLAIM_TOKEN);
            Optional<String> type = body.string(TYPE);
            if (type.isPresent() && !TYPES_OF_START.contains(type.get())) {
                throw malformed("The type must be login_hint, service_auth or identity_assertion, or left out.");
            }
            Optional<String> email = body.string(EMAIL);
            Optional<String> hint = body.string(LOGIN_HINT);
            if (email.isPresent() && hint.isPresent()) {
                throw malformed("Name the person by email or by login_hint, and not by both.");
            }
            return new Start(claimToken, email.or(() -> hint).map(Secret::of));
        }

        /** Whose words it speaks. Where nobody is named, the type alone tells. */
        public static Spelling spelling(JsonObject body) {
            if (ClaimByIdJag.isSpelledBy(body)) {
                return Spelling.BASE;
            }
            boolean hinted = body.has(LOGIN_HINT) || (body.has(TYPE) && !body.has(EMAIL));
            if (body.is(TYPE, SERVICE_AUTH)) {
                return hinted ? Spelling.PRODUCTION_HINTED : Spelling.PRODUCTION;
            }
            return hinted ? Spelling.HINTED : Spelling.BASE;
        }

        /** The members, in production's words or in 0.2's. */
        Map<String, Object> members(Spelling spelling) {
            Map<String, Object> members = new LinkedHashMap<>();
            if (spelling.isProduction()) {
                members.put(TYPE, SERVICE_AUTH);
            }
            members.put(CLAIM_TOKEN, claimToken.reveal());
            address.ifPresent(named -> members.put(spelling.isHinted() ? LOGIN_HINT : EMAIL, named.reveal()));
            return members;
        }
    }

    /** {@code POST …/claim} on a provider's word. */
    public record ClaimByIdJag(Secret claimToken, Secret idJag) {

        /** Whether a request is one of these. */
        public static boolean isSpelledBy(JsonObject body) {
            return body.is(TYPE, IDENTITY_ASSERTION);
        }

        /** Reads it. */
        public static ClaimByIdJag read(JsonObject body) throws JsonFormatException {
            if (!body.string(ASSERTION_TYPE).orElse(Urns.ID_JAG).equals(Urns.ID_JAG)) {
                throw malformed("The assertion_type must be that of an ID-JAG, or left out.");
            }
            return new ClaimByIdJag(secret(body, CLAIM_TOKEN), secret(body, ASSERTION));
        }

        /** The members. */
        Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put(TYPE, IDENTITY_ASSERTION);
            members.put(CLAIM_TOKEN, claimToken.reveal());
            members.put(ASSERTION, idJag.reveal());
            return members;
        }
    }

    /** {@code POST …/claim/attempt/challenge} and {@code …/reject}: what a service's own page posts. */
    public record Attempt(Secret token) {
        /** Reads it. */
        public static Attempt read(JsonObject body) throws JsonFormatException {
            return new Attempt(secret(body, ATTEMPT_TOKEN));
        }
    }

    /** {@code POST …/claim/complete}: the agent has a code. */
    public record Complete(Secret claimToken, Secret code, boolean refreshable) {
        /** Reads it. Production's own name for the code asks for a new assertion and a refresh token (B5). */
        public static Complete read(JsonObject body) throws JsonFormatException {
            Secret claimToken = secret(body, CLAIM_TOKEN);
            if (!body.has(USER_CODE)) {
                return new Complete(claimToken, secret(body, OTP), false);
            }
            if (body.has(OTP)) {
                throw malformed("Bring the code as otp or as user_code, and not as both.");
            }
            return new Complete(claimToken, secret(body, USER_CODE), true);
        }

        /** Whose words it speaks. */
        public static Spelling spelling(JsonObject body) {
            return body.has(USER_CODE) ? Spelling.PRODUCTION : Spelling.BASE;
        }

        /** The members. */
        public Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put(CLAIM_TOKEN, claimToken.reveal());
            members.put(refreshable ? USER_CODE : OTP, code.reveal());
            return members;
        }
    }

    /** {@code POST /oauth2/token}, by grant. */
    public sealed interface Token {

        /** The jwt-bearer grant. */
        record Exchange(Secret assertion, @Nullable String scope, List<String> resources) implements Token {}

        /** The claim grant: polling, until a code has been typed. */
        record Collect(Secret claimToken, @Nullable String scope, List<String> resources) implements Token {}

        /** Reads it. */
        static Token read(Parameters.Source form) {
            Parameters parameters = form.read(GRANT_TYPE, ASSERTION, CLAIM_TOKEN, SCOPE, RESOURCE);
            String grantType = parameters.required(GRANT_TYPE);
            String assertion = parameters.one(ASSERTION);
            String claimToken = parameters.one(CLAIM_TOKEN);
            String scope = parameters.one(SCOPE);
            List<String> resources = parameters.all(RESOURCE);
            return switch (grantType) {
                case Urns.JWT_BEARER ->
                    new Exchange(
                            Secret.of(assertion == null ? parameters.required(ASSERTION) : assertion),
                            scope,
                            resources);
                case Urns.CLAIM_GRANT ->
                    new Collect(
                            Secret.of(claimToken == null ? parameters.required(CLAIM_TOKEN) : claimToken),
                            scope,
                            resources);
                default -> throw new AgentAuthException(Problem.GRANT_UNSUPPORTED);
            };
        }

        /** The parameters, in order. */
        default Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            if (this instanceof Exchange exchange) {
                parameters.put(GRANT_TYPE, Urns.JWT_BEARER);
                parameters.put(ASSERTION, exchange.assertion().reveal());
                exchange.resources().forEach(resource -> parameters.put(RESOURCE, resource));
            } else if (this instanceof Collect collect) {
                parameters.put(GRANT_TYPE, Urns.CLAIM_GRANT);
                parameters.put(CLAIM_TOKEN, collect.claimToken().reveal());
            }
            return parameters;
        }
    }

    /**
     * {@code POST /oauth2/introspect}.
     *
     * @param clientId who asks, if the body says so
     * @param clientSecret what the body says to prove it
     */
    public record Introspect(
            Secret token,
            @Nullable String clientId,
            @Nullable Secret clientSecret) {
        /** Reads it. The hint means nothing here, but giving it twice is as wrong as for any known parameter. */
        public static Introspect read(Parameters.Source form) {
            Parameters parameters = form.read(TOKEN, TOKEN_TYPE_HINT, CLIENT_ID, CLIENT_SECRET);
            parameters.one(TOKEN_TYPE_HINT);
            String secret = parameters.one(CLIENT_SECRET);
            return new Introspect(
                    Secret.of(parameters.required(TOKEN)),
                    parameters.one(CLIENT_ID),
                    secret == null ? null : Secret.of(secret));
        }
    }

    /** {@code POST /oauth2/revoke}. */
    public record Revoke(Secret token) {
        /** Reads it. The hint means nothing here, but giving it twice is as wrong as for any known parameter. */
        public static Revoke read(Parameters.Source form) {
            Parameters parameters = form.read(TOKEN, TOKEN_TYPE_HINT);
            parameters.one(TOKEN_TYPE_HINT);
            return new Revoke(Secret.of(parameters.required(TOKEN)));
        }

        /** The parameters. */
        public Map<String, String> parameters() {
            return Map.of(TOKEN, token.reveal());
        }
    }

    /** {@code POST /agent/auth/revoke} in the form of OpenID; otherwise the body is the token. */
    public record Logout(Secret token) {
        /** Reads it. */
        public static Logout read(Parameters.Source form) {
            return new Logout(Secret.of(form.read(LOGOUT_TOKEN).required(LOGOUT_TOKEN)));
        }
    }

    /** The attempt token of a followed link; null without one. */
    public static @Nullable String linkToken(Parameters.Source source) {
        return source.read(Paths.LINK_TOKEN).one(Paths.LINK_TOKEN);
    }

    /** What the page's own forms post. */
    public record PageForm(
            @Nullable String token,
            @Nullable String bond,
            @Nullable String code) {
        /** Reads it. */
        public static PageForm read(Parameters.Source form) {
            Parameters parameters = form.read(Paths.LINK_TOKEN, Paths.FORM_BOND, USER_CODE);
            return new PageForm(
                    parameters.one(Paths.LINK_TOKEN), parameters.one(Paths.FORM_BOND), parameters.one(USER_CODE));
        }
    }

    /** What the forms of a person's agents post. */
    public record OwnerForm(
            @Nullable String agent,
            @Nullable String bond,
            @Nullable String label) {
        /** Reads it. */
        public static OwnerForm read(Parameters.Source form) {
            Parameters parameters = form.read(Paths.YOURS_AGENT, Paths.FORM_BOND, Paths.YOURS_LABEL);
            return new OwnerForm(
                    parameters.one(Paths.YOURS_AGENT),
                    parameters.one(Paths.FORM_BOND),
                    parameters.one(Paths.YOURS_LABEL));
        }
    }

    /** The one value of a parameter of the page of a person's agents. */
    public static @Nullable String ownerParameter(Parameters.Source source, String name) {
        return source.read(name).one(name);
    }

    private static Secret secret(JsonObject body, String member) throws JsonFormatException {
        return Secret.of(body.requiredString(member));
    }

    private static AgentAuthException malformed(String text) {
        return new AgentAuthException(Problem.MALFORMED, text);
    }
}
