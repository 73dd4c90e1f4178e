package dev.agentauth.examples.provider.kit;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Pause;
import dev.agentauth.client.http.Urls;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An agent platform's side of the protocol: it vouches for people towards services, publishes the keys to check that with,
 * and tells services that it is over. Safe for use by many threads.
 *
 * <p>What one kit dates, it dates in order: a logout ends every ID-JAG that was minted before it, and none that is minted
 * later. Where a platform has several replicas, all that is said about one person has to come from the same kit, or their
 * logouts and the next ID-JAG have to be seconds apart.
 */
public final class ProviderKit {
    /** What services accept at the most. */
    static final Duration MAX_LIFETIME = Duration.ofHours(1);

    private final String issuer;
    private final String clientId;
    private final Duration lifetime;
    private final KeyRing keys;
    private final Timeline timeline;
    private final LogoutDelivery delivery;

    private ProviderKit(Builder builder) {
        URI url = Urls.requireSafe(builder.issuer);
        this.issuer = builder.issuer;
        this.clientId = builder.clientId;
        this.lifetime = builder.lifetime;
        this.keys = builder.keys;
        this.timeline = new Timeline(builder.clock);
        this.delivery =
                new LogoutDelivery(builder.http, builder.clock, builder.pause, builder.attempts, Urls.isLoopback(url));
    }

    /**
     * Speaks for an issuer.
     *
     * @param issuer the URL below which the keys are published, as services have it on their trust lists
     * @param keys what to sign with
     */
    public static Builder builder(String issuer, KeyRing keys) {
        return new Builder(issuer, keys);
    }

    /**
     * Vouches for a person towards one service, once.
     *
     * @return a secret until the service has seen it
     * @throws TooSoonException if the person was logged out in this very second
     * @throws IllegalArgumentException if it says neither a verified address nor a verified phone number
     */
    public String mintIdJag(IdJag idJag) {
        Map<String, Object> more = idJag.claims();
        Instant issuedAt = timeline.idJag(idJag.subject());
        Map<String, Object> claims = claims(idJag.subject(), idJag.audience(), issuedAt, lifetime);
        claims.put("client_id", clientId);
        claims.putAll(more);
        return keys.current().sign("oauth-id-jag+jwt", claims);
    }

    /** Takes back all that was said about a person, of whatever tenant, to one service until now. To be delivered. */
    public Logout mintLogout(String subject, String audience) {
        Instant issuedAt = timeline.logout(subject);
        Map<String, Object> claims = claims(subject, audience, issuedAt, MAX_LIFETIME);
        claims.put("events", Map.of(RevocationEvent.WITH_AUTH.uri(), Map.of()));
        return new Logout(audience, keys.current().sign("logout+jwt", claims), Logout.Carrier.LOGOUT_TOKEN);
    }

    /** The same as a security event, which has no end of its own: it says what was, and may be delivered at any time. */
    public Logout mintSecurityEvent(String subject, String audience, RevocationEvent event) {
        Instant issuedAt = timeline.logout(subject);
        Map<String, Object> claims = claims(subject, audience, issuedAt, MAX_LIFETIME);
        claims.remove("exp");
        claims.put("events", Map.of(event.uri(), Map.of()));
        return new Logout(audience, keys.current().sign("secevent+jwt", claims), Logout.Carrier.SECURITY_EVENT);
    }

    /**
     * Sends a logout to the place that the service's own metadata names. Waits and tries again where that may help, so this
     * can take minutes. The same logout may be delivered any number of times.
     */
    public Delivery deliver(Logout logout) {
        return delivery.deliver(logout);
    }

    /** Mints a logout and delivers it. */
    public Delivery logout(String subject, String audience) {
        return deliver(mintLogout(subject, audience));
    }

    /** Mints a security event and delivers it. */
    public Delivery securityEvent(String subject, String audience, RevocationEvent event) {
        return deliver(mintSecurityEvent(subject, audience, event));
    }

    /** The keys by which services check all this. */
    public Jwks jwks() {
        return new Jwks(Json.write(Map.of("keys", keys.published())), "public, max-age=300");
    }

    private Map<String, Object> claims(String subject, String audience, Instant issuedAt, Duration validFor) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", audience);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", issuedAt.plus(validFor).getEpochSecond());
        return claims;
    }

    /** Settings. */
    public static final class Builder {
        private final String issuer;
        private final KeyRing keys;
        private String clientId;
        private Duration lifetime = Duration.ofMinutes(5);
        private Http http = new Http();
        private InstantSource clock = InstantSource.system();
        private Pause pause = Pause.real();
        private int attempts = 5;

        private Builder(String issuer, KeyRing keys) {
            this.issuer = issuer;
            this.keys = keys;
            this.clientId = issuer;
        }

        /** What the platform's agents are called; the issuer by default. */
        public Builder clientId(String value) {
            this.clientId = value;
            return this;
        }

        /** How long an ID-JAG is good: five minutes by default, an hour at the most. */
        public Builder lifetime(Duration value) {
            if (value.toSeconds() < 1 || value.compareTo(MAX_LIFETIME) > 0) {
                throw new IllegalArgumentException("lifetime must be one second to one hour");
            }
            this.lifetime = value;
            return this;
        }

        /** How to send. */
        public Builder http(Http value) {
            this.http = value;
            return this;
        }

        /** What tells the time. */
        public Builder clock(InstantSource value) {
            this.clock = value;
            return this;
        }

        /** How to wait between the attempts of a delivery. */
        public Builder pause(Pause value) {
            this.pause = value;
            return this;
        }

        /** How often a delivery is tried, 1 or more; 5 by default. */
        public Builder attempts(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("attempts must be 1 or more");
            }
            this.attempts = value;
            return this;
        }

        /** Checks the issuer and builds. */
        public ProviderKit build() {
            return new ProviderKit(this);
        }
    }
}
