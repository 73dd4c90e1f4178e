package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.ProviderJwt.SKEW;
import static dev.agentauth.internal.provider.ProviderJwt.invalid;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.Problem;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.jose.CompactJws;
import dev.agentauth.internal.jose.Signatures;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.internal.net.Urls;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.Errors;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what a provider signed: first the rules for all kinds, cheapest first, then those of the kind. The first rule
 * that is broken decides the error. Nothing in a token makes us look anywhere but in the key set of its issuer.
 */
public final class ProviderAssertions {
    private static final int MAX_KEY_ID_LENGTH = 1024;

    private final String issuer;
    private final Set<String> issuerNames;
    private final Set<String> resourceNames;
    private final TrustList trust;
    private final KeySource keys;
    private final ReplayStore replay;
    private final LogoutMarks logoutMarks;
    private final Limits limits;
    private final Signatures signatures;
    private final Audit audit;
    private final JwtRules<VerifiedIdJag> idJagRules;
    private final JwtRules<VerifiedEvent> logoutRules;
    private final JwtRules<VerifiedEvent> securityEventRules;

    public ProviderAssertions(Surroundings around, KeySource keys) {
        Settings settings = around.settings();
        this.issuer = settings.issuer();
        this.issuerNames = Urls.withAndWithoutSlash(issuer);
        this.resourceNames = settings.resourceAsAudience() ? Urls.withAndWithoutSlash(settings.resource()) : Set.of();
        this.trust = around.ports().trust();
        this.keys = keys;
        this.replay = around.ports().replay();
        this.logoutMarks = around.ports().logoutMarks();
        this.limits = around.limits();
        this.signatures = around.signatures();
        this.audit = around.audit();
        this.idJagRules = new IdJagRules(issuer, settings.resource());
        this.logoutRules = new LogoutRules(issuer);
        this.securityEventRules = new SecurityEventRules(issuer);
    }

    /** Verifies an ID-JAG and, when all else is right, spends it. A refusal is audited. */
    public VerifiedIdJag verifyIdJag(Caller caller, String token, Instant now) {
        return audited(caller, sender -> {
            VerifiedIdJag idJag = verify(caller, token, sender, idJagRules, now);
            if (logoutThatCovers(idJag).isPresent()) {
                throw new AgentAuthException(Problem.LOGGED_OUT);
            }
            boolean isFirst = replay.recordFirst(
                    JwtKind.ID_JAG, idJag.identity().issuer(), idJag.jti(), now, idJag.replayUntil());
            if (!isFirst) {
                throw new AgentAuthException(Problem.REPLAYED);
            }
            return idJag;
        });
    }

    /** The instant of the newest logout of the identity, if the ID-JAG is from before it, by the provider's clock. */
    public Optional<Instant> logoutThatCovers(VerifiedIdJag idJag) {
        return logoutMarks
                .newest(idJag.identity())
                .filter(mark -> !idJag.issuedAt().isAfter(mark));
    }

    /** Verifies a logout token. Its {@code jti} is left for the caller to record when the work is done. A refusal is audited. */
    public VerifiedEvent verifyLogout(Caller caller, String token, Instant now) {
        return audited(caller, sender -> verify(caller, token, sender, logoutRules, now));
    }

    /** Verifies a security event token. Its {@code jti} is left for the caller to record, too. A refusal is audited. */
    public VerifiedEvent verifySecurityEvent(Caller caller, String token, Instant now) {
        return audited(caller, sender -> verify(caller, token, sender, securityEventRules, now));
    }

    /** Whom a token names as its issuer, as soon as that is known to be a trusted one. */
    private static final class Sender {
        private @Nullable String issuer;
    }

    /** Tells which JWTs were refused, and why. */
    private <T> T audited(Caller caller, Function<Sender, T> verification) {
        Sender sender = new Sender();
        try {
            return verification.apply(sender);
        } catch (AgentAuthException e) {
            // A limit tells of itself, and has refused nothing for what it says.
            if (e.problem() != Problem.LIMIT_SPENT) {
                audit.record(AuditEvent.Type.PROVIDER_REJECTED, caller, fields(e.problem(), sender));
            }
            throw e;
        }
    }

    private static Map<String, String> fields(Problem problem, Sender sender) {
        Map<String, String> fields = new HashMap<>();
        fields.put("error", Errors.of(Door.REGISTER, problem).code());
        fields.put("problem", problem.name().toLowerCase(Locale.ROOT));
        if (sender.issuer != null) {
            fields.put("iss", Audit.cut(sender.issuer));
        }
        return fields;
    }

    private <T> T verify(Caller caller, String token, Sender sender, JwtRules<T> rules, Instant now) {
        CompactJws jws = CompactJws.parse(token)
                .orElseThrow(() -> invalid("This is not a signed JWT in its strict compact form of at most 16 KiB."));
        try {
            JsonObject claims = jws.claims();
            TrustedProvider provider = trustedProvider(claims.requiredString("iss"));
            sender.issuer = provider.issuer();
            requireType(jws, rules.typ());
            PublicKey key = key(jws, provider);
            if (!limits.verifies(caller, () -> signatures.verify(jws, key))) {
                throw new AgentAuthException(Problem.SIGNATURE_WRONG);
            }
            requireTypes(claims, rules.strings(claims));
            requireInTime(claims, now);
            requireAudience(claims);
            return rules.check(new ProviderJwt(provider, claims, ProviderJwt.id(claims, "jti")), now);
        } catch (JsonFormatException e) {
            // These messages are our own words and name claims by our own constants.
            throw invalid("The claims of the JWT are malformed: " + e.getMessage() + ".");
        }
    }

    private TrustedProvider trustedProvider(String name) {
        // Whatever the list says, we are no provider: our own assertions would pass for ID-JAGs.
        if (name.equals(issuer)) {
            throw new AgentAuthException(Problem.ISSUER_UNTRUSTED);
        }
        return trust.find(name).orElseThrow(() -> new AgentAuthException(Problem.ISSUER_UNTRUSTED));
    }

    private static void requireType(CompactJws jws, String expected) {
        String type = jws.typ().orElse("").toLowerCase(Locale.ROOT);
        if (!type.equals(expected) && !type.equals("application/" + expected)) {
            throw invalid("The typ of this JWT must be " + expected + ".");
        }
    }

    private PublicKey key(CompactJws jws, TrustedProvider provider) {
        String algorithm = jws.alg().orElse("");
        if (!provider.algorithms().contains(algorithm)) {
            throw invalid("The alg of this JWT is not one that its issuer may use here.");
        }
        if (jws.header().has("crit")) {
            throw invalid("Critical header parameters are not supported: send the JWT without crit.");
        }
        String keyId = jws.kid().orElseThrow(() -> invalid("The header of this JWT must name its key in kid."));
        if (keyId.length() > MAX_KEY_ID_LENGTH) {
            throw invalid("The kid of this JWT is longer than 1024 characters.");
        }
        ProviderKeys.Answer answer = keys.find(provider, keyId);
        if (answer instanceof ProviderKeys.Unusable) {
            throw new AgentAuthException(
                    Problem.KEY_UNUSABLE,
                    "The key that the issuer publishes with the kid of this JWT may not be used.");
        }
        if (!(answer instanceof ProviderKeys.Found found)) {
            throw new AgentAuthException(Problem.KEY_UNKNOWN, "The issuer publishes no key with the kid of this JWT.");
        }
        List<ProviderKey> fitting = found.keys().stream()
                .filter(key -> key.algorithms().contains(algorithm))
                .toList();
        if (fitting.isEmpty()) {
            throw invalid("The alg of this JWT is not one that its key is for.");
        }
        if (fitting.size() > 1) {
            throw new AgentAuthException(
                    Problem.KEY_UNKNOWN, "The issuer publishes more than one key with the kid of this JWT.");
        }
        return fitting.get(0).publicKey();
    }

    /** So that a claim of another type is called malformed, even in a JWT that is also late or for somebody else. */
    private static void requireTypes(JsonObject claims, List<String> strings) throws JsonFormatException {
        for (String name : strings) {
            claims.string(name);
        }
        for (String name : List.of("nbf", "iat", "exp")) {
            claims.time(name);
        }
    }

    private static void requireInTime(JsonObject claims, Instant now) throws JsonFormatException {
        Instant latestNow = now.plus(SKEW);
        if (claims.time("nbf").filter(latestNow::isBefore).isPresent()
                || claims.time("iat").filter(latestNow::isBefore).isPresent()) {
            throw invalid("The JWT is not valid yet: its iat or nbf is in the future. Check the clock.");
        }
        if (claims.time("exp").filter(exp -> !now.isBefore(exp.plus(SKEW))).isPresent()) {
            throw new AgentAuthException(Problem.JWT_EXPIRED);
        }
    }

    private void requireAudience(JsonObject claims) {
        if (!claims.has("aud")) {
            throw invalid("The JWT has no claim aud.");
        }
        if (ProviderJwt.stringOrStrings(claims, "aud")
                .filter(named -> named.size() == 1 && isThisService(named.get(0)))
                .isEmpty()) {
            throw new AgentAuthException(Problem.AUDIENCE_WRONG);
        }
    }

    /** All names mean one service, and who is named by whichever of them is one identity. */
    private boolean isThisService(String name) {
        // Whatever the list says by now: what is for a provider of the resource's URL is not for us.
        return issuerNames.contains(name)
                || (resourceNames.contains(name)
                        && resourceNames.stream()
                                .allMatch(url -> trust.find(url).isEmpty()));
    }
}
