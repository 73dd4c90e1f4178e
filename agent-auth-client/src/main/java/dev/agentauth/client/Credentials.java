package dev.agentauth.client;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands for one registration at one service. All of it is secret: store it as a password is stored, apart for each
 * person. The access token is not among it, since the assertion yields another.
 *
 * @since 0.2.0
 */
public final class Credentials {
    private final String resource;
    private final String issuer;
    private final String registrationId;
    private final @Nullable String assertion;
    private final @Nullable Instant assertionExpires;
    private final @Nullable String claimToken;
    private final @Nullable Instant claimTokenExpires;
    private final @Nullable String refreshToken;
    private final boolean speaksProduction;
    private final boolean speaksProductionAlone;

    private Credentials(
            String resource,
            String issuer,
            String registrationId,
            @Nullable String assertion,
            @Nullable Instant assertionExpires,
            @Nullable String claimToken,
            @Nullable Instant claimTokenExpires,
            @Nullable String refreshToken,
            boolean speaksProduction,
            boolean speaksProductionAlone) {
        this.resource = resource;
        this.issuer = issuer;
        this.registrationId = registrationId;
        this.assertion = assertion;
        this.assertionExpires = assertionExpires;
        this.claimToken = claimToken;
        this.claimTokenExpires = claimTokenExpires;
        this.refreshToken = refreshToken;
        this.speaksProduction = speaksProduction;
        this.speaksProductionAlone = speaksProductionAlone;
    }

    /** From the answer to a registration. */
    static Credentials of(Service service, Json registration) {
        return read(service.resource(), service.issuer(), registration);
    }

    /**
     * From what {@link #toJson} has written.
     *
     * @throws JsonFormatException if it is something else
     */
    public static Credentials fromJson(String json) {
        Json stored = Json.parse(json);
        return read(stored.get("resource").text(), stored.get("issuer").text(), stored);
    }

    /** What an answer hands out, by the names of whatever version it speaks: side by side, or one within the other. */
    private static Credentials read(String resource, String issuer, Json json) {
        Json identity = json.get("identity");
        Json claim = json.get("claim");
        Optional<String> assertion = json.get("identity_assertion")
                .string()
                .or(() -> identity.get("assertion").string());
        Optional<String> claimToken =
                json.get("claim_token").string().or(() -> claim.get("token").string());
        if (assertion.isEmpty() && claimToken.isEmpty()) {
            throw new JsonFormatException("identity_assertion and claim_token are both missing");
        }
        return new Credentials(
                resource,
                issuer,
                json.get("registration_id")
                        .string()
                        .orElseGet(() -> json.get("id").text()),
                assertion.orElse(null),
                assertion.isPresent() ? either(json.get("assertion_expires"), identity.get("expires_at")) : null,
                claimToken.orElse(null),
                claimToken.isPresent() ? either(json.get("claim_token_expires"), claim.get("expires_at")) : null,
                json.get("refresh_token")
                        .string()
                        .or(() -> identity.get("refresh_token").get("value").string())
                        .orElse(null),
                claim.isObject() || json.get("speaks_production").isTrue(),
                (claim.isObject() && !json.get("claim_token").isPresent())
                        || json.get("speaks_production_alone").isTrue());
    }

    private static Instant either(Json one, Json other) {
        return one.isPresent() ? one.instant() : other.instant();
    }

    /** All of it, to be stored. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("resource", resource);
        json.put("issuer", issuer);
        json.put("registration_id", registrationId);
        put(json, "identity_assertion", assertion);
        put(json, "assertion_expires", assertionExpires);
        put(json, "claim_token", claimToken);
        put(json, "claim_token_expires", claimTokenExpires);
        put(json, "refresh_token", refreshToken);
        if (speaksProduction) {
            json.put("speaks_production", true);
        }
        if (speaksProductionAlone) {
            json.put("speaks_production_alone", true);
        }
        return Json.write(json);
    }

    private static void put(Map<String, Object> json, String member, @Nullable Object value) {
        if (value != null) {
            json.put(member, value.toString());
        }
    }

    /** The same after its claim has been completed. */
    Credentials claimed(Json answer) {
        return renewed(answer, null, null);
    }

    /** The same after a refresh. */
    Credentials refreshed(Json answer) {
        return renewed(answer, claimToken, claimTokenExpires);
    }

    private Credentials renewed(Json answer, @Nullable String keptToken, @Nullable Instant keptUntil) {
        Json identity = answer.get("identity");
        Optional<String> fresh = answer.get("identity_assertion")
                .string()
                .or(() -> identity.get("assertion").string());
        return new Credentials(
                resource,
                issuer,
                registrationId,
                fresh.orElse(assertion),
                fresh.isPresent()
                        ? either(answer.get("assertion_expires"), identity.get("expires_at"))
                        : assertionExpires,
                keptToken,
                keptUntil,
                identity.get("refresh_token").get("value").string().orElse(null),
                speaksProduction,
                speaksProductionAlone);
    }

    /** Whether the code is to be brought under production's name: where no other is known, or where that is wanted. */
    boolean speaksProduction(boolean wanted) {
        return speaksProduction && (wanted || speaksProductionAlone);
    }

    boolean areFor(Service service) {
        return resource.equals(service.resource()) && issuer.equals(service.issuer());
    }

    /** Who issued them. */
    public String issuer() {
        return issuer;
    }

    /** Which registration this is. The person sees the same on the page of the mailed link. */
    public String registrationId() {
        return registrationId;
    }

    /** The identity assertion; empty as long as a person has to confirm first. */
    public Optional<String> assertion() {
        return Optional.ofNullable(assertion);
    }

    /** Until when the assertion is good, by the service's clock. */
    public Optional<Instant> assertionExpires() {
        return Optional.ofNullable(assertionExpires);
    }

    /** What a claim is started and completed with; empty if there is nothing to claim. */
    public Optional<String> claimToken() {
        return Optional.ofNullable(claimToken);
    }

    /** What a new assertion can be had for; empty if there is none. Each is good for one use, which gives the next. */
    public Optional<String> refreshToken() {
        return Optional.ofNullable(refreshToken);
    }

    /** Until when there can be a claim, by the service's clock. */
    public Optional<Instant> claimTokenExpires() {
        return Optional.ofNullable(claimTokenExpires);
    }

    /** Shows nothing that is secret. */
    @Override
    public String toString() {
        return "Credentials[" + issuer + (assertion == null ? "" : ", assertion")
                + (claimToken == null ? "" : ", claim token")
                + (refreshToken == null ? "" : ", refresh token") + "]";
    }
}
