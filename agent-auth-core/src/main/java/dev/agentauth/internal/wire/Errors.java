package dev.agentauth.internal.wire;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Features;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a problem is called at a door, and which problems a door has at all. To add an error: a constant of {@link Problem}, a
 * line here for each door that meets it, and if it has a name of its own a constant of {@link ErrorCode}.
 */
public final class Errors {
    private static final Map<Door, Map<Problem, ErrorCode>> TABLE = table();

    private Errors() {}

    /** Whether a door has this problem. One that it meets and does not have is a defect. */
    public static boolean lists(Door door, Problem problem) {
        return at(door).containsKey(problem);
    }

    /** The code of a problem, as the door says it. */
    public static ErrorCode of(Door door, Problem problem) {
        ErrorCode code = at(door).get(problem);
        if (code == null) {
            throw new IllegalStateException(door + " does not list " + problem);
        }
        return code;
    }

    /** A refusal, as the door tells it to a request of this spelling. */
    public static Refusal refusal(Door door, Spelling spelling, AgentAuthException e) {
        ErrorCode code = of(door, e.problem());
        if (spelling.isHinted()) {
            code = switch (e.problem()) {
                case EMAIL_OFF, ASKING_OFF -> ErrorCode.SERVICE_AUTH_NOT_ENABLED;
                case ADDRESS_UNUSABLE -> ErrorCode.INVALID_LOGIN_HINT;
                default -> code;
            };
        }
        Refusal refusal = Refusal.of(code, e.problem(), spelling, e.detail().orElse(text(door, code, e.problem())));
        return e.retryAfter()
                .map(refusal::after)
                .or(() -> e.maxLoginAge().map(refusal::withMaxAge))
                .orElse(refusal);
    }

    /** What says more than the code does. */
    private static String text(Door door, ErrorCode code, Problem problem) {
        if (problem == Problem.CLAIMED_BY_TYPING && (door == Door.CLAIM || door == Door.COMPLETE)) {
            return "The person has typed the code. Collect what that brought at the token endpoint with the claim grant,"
                    + " within ten minutes.";
        }
        if (problem != Problem.ADDRESS_UNUSABLE || code != ErrorCode.INVALID_REQUEST) {
            return code.text();
        }
        return door == Door.CLAIM
                ? "The email must be one plain ASCII e-mail address."
                : "The assertion must be one plain ASCII e-mail address.";
    }

    /**
     * An error as an agent can meet it: on the identity surface by two names.
     *
     * @param name production's, or OAuth's
     * @param status the status that goes with the name
     * @param error the name in the words of the versions before
     * @param errorStatus the status that goes with that one
     */
    record Told(String name, int status, String error, int errorStatus, String text) {}

    /** What agents can be told where these features are on, by the names that {@code /auth.md} teaches. */
    static List<Told> told(Features features) {
        Map<String, Told> byName = new LinkedHashMap<>();
        met(features).forEach(told -> byName.putIfAbsent(told.name(), told));
        return List.copyOf(byName.values());
    }

    /** What has another name in the words of the versions before. */
    static List<Told> toldOtherwise(Features features) {
        Map<String, Told> byError = new LinkedHashMap<>();
        met(features).forEach(told -> byError.putIfAbsent(told.error(), told));
        told(features).forEach(told -> byError.remove(told.name()));
        return List.copyOf(byError.values());
    }

    /** In the order of {@link ErrorCode}. */
    private static List<Told> met(Features features) {
        Map<ErrorCode, Set<Production>> met = new EnumMap<>(ErrorCode.class);
        TABLE.forEach((door, errors) -> errors.forEach((problem, code) -> {
            if (door.isForAgents() && door.isOn(features) && arises(door, problem, features)) {
                add(met, code, problem, door.envelope());
            }
        }));
        add(met, ErrorCode.SERVER_ERROR, null, Envelope.IDENTITY);
        if (features.has(Feature.CLAIM)) {
            add(met, ErrorCode.INVALID_LOGIN_HINT, null, Envelope.IDENTITY);
        }
        if (!features.has(Feature.EMAIL)) {
            add(met, ErrorCode.SERVICE_AUTH_NOT_ENABLED, null, Envelope.IDENTITY);
        }
        List<Told> told = new ArrayList<>();
        met.forEach((code, names) -> names.forEach(
                name -> told.add(new Told(name.code(), name.status(), code.code(), code.status(), code.text()))));
        return told;
    }

    private static void add(
            Map<ErrorCode, Set<Production>> met, ErrorCode code, @Nullable Problem problem, Envelope envelope) {
        met.computeIfAbsent(code, unused -> new LinkedHashSet<>())
                .add(
                        envelope == Envelope.IDENTITY
                                ? Production.of(code, problem)
                                : new Production(code.code(), code.status()));
    }

    /** Problems that depend on a feature; the others arise wherever their door is. */
    private static boolean arises(Door door, Problem problem, Features features) {
        return switch (problem) {
            case NOT_TYPED_YET, POLLED_TOO_EARLY, NOTHING_TO_COLLECT, CLAIMED_BY_TYPING ->
                features.has(Feature.TYPED_CODE);
            case SAID_NO -> door != Door.TOKEN || features.has(Feature.TYPED_CODE);
            case ADDRESS_UNUSABLE -> features.has(Feature.EMAIL) || features.has(Feature.ANONYMOUS);
            case ANONYMOUS_OFF -> !features.has(Feature.ANONYMOUS);
            case EMAIL_OFF -> !features.has(Feature.EMAIL);
            case ASKING_OFF -> false;
            case ID_JAG_OFF -> !features.has(Feature.ID_JAG);
            // A person gets to see it, as a page.
            case NOT_ASKED -> false;
            case REFRESH_TOKEN_UNUSABLE -> features.has(Feature.REFRESH);
            case CONFIRMATION_NEEDED -> features.has(Feature.CONFIRMATION);
            case ISSUER_UNTRUSTED,
                    KEY_UNKNOWN,
                    KEY_UNUSABLE,
                    SIGNATURE_WRONG,
                    JWT_EXPIRED,
                    LOGGED_OUT,
                    AUDIENCE_WRONG,
                    CLIENT_WRONG,
                    REPLAYED,
                    NO_VERIFIED_CONTACT,
                    LOGIN_TOO_OLD,
                    NO_USER -> features.has(Feature.ID_JAG);
            default -> true;
        };
    }

    private static Map<Problem, ErrorCode> at(Door door) {
        return TABLE.getOrDefault(door, Map.of());
    }

    private static Map<Door, Map<Problem, ErrorCode>> table() {
        Map<Door, Map<Problem, ErrorCode>> table = new EnumMap<>(Door.class);
        for (Door door : Door.values()) {
            Map<Problem, ErrorCode> errors = new EnumMap<>(Problem.class);
            errors.put(Problem.MALFORMED, ErrorCode.INVALID_REQUEST);
            errors.put(Problem.OUT_OF_REACH, ErrorCode.TEMPORARILY_UNAVAILABLE);
            errors.put(Problem.LIMIT_SPENT, ErrorCode.RATE_LIMITED);
            addOwn(door, errors);
            table.put(door, Collections.unmodifiableMap(errors));
        }
        return Collections.unmodifiableMap(table);
    }

    private static void addOwn(Door door, Map<Problem, ErrorCode> errors) {
        switch (door) {
            case REGISTER -> {
                errors.put(Problem.ANONYMOUS_OFF, ErrorCode.ANONYMOUS_NOT_ENABLED);
                errors.put(Problem.EMAIL_OFF, ErrorCode.VERIFIED_EMAIL_NOT_ENABLED);
                errors.put(Problem.ADDRESS_UNUSABLE, ErrorCode.INVALID_REQUEST);
                addIdJag(errors);
                errors.put(Problem.CONFIRMATION_NEEDED, ErrorCode.INTERACTION_REQUIRED);
                errors.put(Problem.REFRESH_OFF, ErrorCode.INVALID_REQUEST);
                errors.put(Problem.REFRESH_TOKEN_UNUSABLE, ErrorCode.INVALID_REFRESH_TOKEN);
            }
            case CLAIM -> {
                errors.put(Problem.ASKING_OFF, ErrorCode.VERIFIED_EMAIL_NOT_ENABLED);
                addIdJag(errors);
                errors.put(Problem.CLAIM_TOKEN_UNKNOWN, ErrorCode.INVALID_CLAIM_TOKEN);
                errors.put(Problem.ADDRESS_UNUSABLE, ErrorCode.INVALID_REQUEST);
                errors.put(Problem.ASKED_ALREADY, ErrorCode.CLAIMED_OR_IN_FLIGHT);
                errors.put(Problem.CLAIMED, ErrorCode.CLAIMED_OR_IN_FLIGHT);
                errors.put(Problem.CLAIMED_BY_TYPING, ErrorCode.CLAIMED_OR_IN_FLIGHT);
                addEnds(errors);
            }
            case PAGE, CHALLENGE, REJECT -> {
                errors.put(Problem.ATTEMPT_UNKNOWN, ErrorCode.CLAIM_SUPERSEDED);
                errors.put(Problem.CLAIMED, ErrorCode.CLAIM_COMPLETED);
                errors.put(Problem.CLAIMED_BY_TYPING, ErrorCode.CLAIM_COMPLETED);
                errors.put(Problem.LINK_LAPSED, ErrorCode.CLAIM_EXPIRED);
                addEnds(errors);
                if (door == Door.PAGE) {
                    errors.put(Problem.NOT_ASKED, ErrorCode.USER_NOT_FOUND);
                    errors.put(Problem.CODE_UNREADABLE, ErrorCode.INVALID_REQUEST);
                }
            }
            case COMPLETE -> {
                errors.put(Problem.CLAIM_TOKEN_UNKNOWN, ErrorCode.INVALID_CLAIM_TOKEN);
                errors.put(Problem.CODE_WRONG, ErrorCode.OTP_INVALID);
                errors.put(Problem.CODE_NOT_SHOWN, ErrorCode.OTP_NOT_GENERATED);
                errors.put(Problem.CODE_LAPSED, ErrorCode.OTP_EXPIRED);
                errors.put(Problem.CODE_VOID, ErrorCode.OTP_EXPIRED);
                errors.put(Problem.CLAIMED, ErrorCode.PREVIOUSLY_CLAIMED);
                errors.put(Problem.CLAIMED_BY_TYPING, ErrorCode.PREVIOUSLY_CLAIMED);
                addEnds(errors);
            }
            case TOKEN -> {
                errors.put(Problem.GRANT_UNSUPPORTED, ErrorCode.UNSUPPORTED_GRANT_TYPE);
                errors.put(Problem.ASSERTION_UNUSABLE, ErrorCode.INVALID_GRANT);
                errors.put(Problem.NOT_TYPED_YET, ErrorCode.AUTHORIZATION_PENDING);
                errors.put(Problem.POLLED_TOO_EARLY, ErrorCode.SLOW_DOWN);
                errors.put(Problem.SAID_NO, ErrorCode.ACCESS_DENIED);
                errors.put(Problem.NOTHING_TO_COLLECT, ErrorCode.EXPIRED_TOKEN);
                errors.put(Problem.SCOPE_TOO_WIDE, ErrorCode.INVALID_SCOPE);
                errors.put(Problem.RESOURCE_WRONG, ErrorCode.INVALID_TARGET);
            }
            case REVOKE -> errors.put(Problem.NOT_REVOCABLE, ErrorCode.UNSUPPORTED_TOKEN_TYPE);
            case INTROSPECT -> errors.put(Problem.RESOURCE_SERVER_UNKNOWN, ErrorCode.INVALID_CLIENT);
            case LOGOUT -> addProviderJwt(errors);
            case EVENTS -> {
                errors.put(Problem.ISSUER_UNTRUSTED, ErrorCode.INVALID_ISSUER);
                errors.put(Problem.KEY_UNKNOWN, ErrorCode.AUTHENTICATION_FAILED);
                errors.put(Problem.KEY_UNUSABLE, ErrorCode.INVALID_KEY);
                errors.put(Problem.SIGNATURE_WRONG, ErrorCode.AUTHENTICATION_FAILED);
                errors.put(Problem.JWT_EXPIRED, ErrorCode.AUTHENTICATION_FAILED);
                errors.put(Problem.AUDIENCE_WRONG, ErrorCode.INVALID_AUDIENCE);
            }
            case RESOURCE -> {
                errors.put(Problem.TOKEN_UNUSABLE, ErrorCode.INVALID_TOKEN);
                errors.put(Problem.SCOPE_MISSING, ErrorCode.INSUFFICIENT_SCOPE);
            }
            case DOCUMENT -> {}
        }
    }

    /** What can be wrong where an agent comes with a provider's word. */
    private static void addIdJag(Map<Problem, ErrorCode> errors) {
        errors.put(Problem.ID_JAG_OFF, ErrorCode.ID_JAG_NOT_ENABLED);
        addProviderJwt(errors);
        errors.put(Problem.LOGGED_OUT, ErrorCode.EXPIRED);
        errors.put(Problem.RESOURCE_WRONG, ErrorCode.INVALID_TARGET);
        errors.put(Problem.CLIENT_WRONG, ErrorCode.INVALID_CLIENT_ID);
        errors.put(Problem.REPLAYED, ErrorCode.REPLAY_DETECTED);
        errors.put(Problem.NO_VERIFIED_CONTACT, ErrorCode.MISSING_VERIFIED_EMAIL);
        errors.put(Problem.LOGIN_TOO_OLD, ErrorCode.LOGIN_REQUIRED);
        errors.put(Problem.NO_USER, ErrorCode.USER_NOT_FOUND);
    }

    /** What can be wrong with any JWT of a provider. */
    private static void addProviderJwt(Map<Problem, ErrorCode> errors) {
        errors.put(Problem.ISSUER_UNTRUSTED, ErrorCode.INVALID_ISSUER);
        errors.put(Problem.KEY_UNKNOWN, ErrorCode.INVALID_SIGNATURE);
        errors.put(Problem.KEY_UNUSABLE, ErrorCode.INVALID_SIGNATURE);
        errors.put(Problem.SIGNATURE_WRONG, ErrorCode.INVALID_SIGNATURE);
        errors.put(Problem.JWT_EXPIRED, ErrorCode.EXPIRED);
        errors.put(Problem.AUDIENCE_WRONG, ErrorCode.INVALID_AUDIENCE);
    }

    /** How a claim can have ended without anybody owning the registration. */
    private static void addEnds(Map<Problem, ErrorCode> errors) {
        errors.put(Problem.REVOKED, ErrorCode.CLAIM_EXPIRED);
        errors.put(Problem.CLAIM_LAPSED, ErrorCode.CLAIM_EXPIRED);
        errors.put(Problem.GUESSED_OUT, ErrorCode.CLAIM_EXPIRED);
        errors.put(Problem.STANDING_LOST, ErrorCode.CLAIM_EXPIRED);
        errors.put(Problem.SAID_NO, ErrorCode.CLAIM_REJECTED);
    }
}
