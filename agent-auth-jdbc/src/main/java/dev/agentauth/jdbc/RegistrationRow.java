package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A registration as a row: its facts, and what is derived from them for look-ups. */
final class RegistrationRow {
    private static final int HASH_BYTES = 32;

    /** What never changes, and the version. */
    static final List<String> FIXED = List.of("id", "kind", "created_at", "version");

    /** The facts that transitions change, in the order of {@link #bindFacts} and {@link #read}. */
    static final List<String> FACTS = List.of(
            "epoch",
            "user_id",
            "claimed_at",
            "claim_token",
            "claim_expires_at",
            "claim_recipient",
            "claim_wrong_guesses",
            "claim_refusals",
            "attempt_id",
            "attempt_token",
            "attempt_started_at",
            "attempt_expires_at",
            "attempt_mailed",
            "code_hash",
            "code_expires_at",
            "code_wrong_guesses",
            "provider_issuer",
            "provider_tenant",
            "provider_subject",
            "provider_audience",
            "provider_first_iat",
            "provider_newest_iat",
            "step_up_user_id",
            "revoked_at");

    /** What follows from the facts and is written for look-ups only, in the order of {@link #bindDerived}. */
    static final List<String> DERIVED = List.of("user_key", "subject_key", "unsettled_since", "settled_since");

    private RegistrationRow() {}

    static void bindFixed(Parameters parameters, Registration registration) throws SQLException {
        parameters
                .text(registration.id())
                .text(registration.kind().name())
                .time(registration.createdAt())
                .number(registration.version());
    }

    static void bindFacts(Parameters parameters, Registration registration) throws SQLException {
        parameters.number(registration.epoch()).text(registration.userId()).time(registration.claimedAt());
        bindClaim(parameters, registration.claim());
        bindProvider(parameters, registration.provider());
        parameters.text(registration.stepUpUserId()).time(registration.revokedAt());
    }

    static void bindDerived(Parameters parameters, Registration registration) throws SQLException {
        ProviderLink link = registration.provider();
        boolean settled = registration.isSettled();
        Instant restingSince = registration.restingSince();
        parameters
                .hash(userKey(registration))
                .hash(link == null ? null : link.identity().subjectKey())
                .time(settled ? null : restingSince)
                .time(settled ? restingSince : null);
    }

    /** The identity that a registration occupies until it is revoked, or until it has expired and another one takes it. */
    static @Nullable SecretHash liveKey(Registration registration) {
        ProviderLink link = registration.provider();
        return link == null || registration.kind() != RegistrationKind.PROVIDER || registration.revokedAt() != null
                ? null
                : link.identity().key();
    }

    /** How a user id is looked up. */
    static SecretHash userKey(String userId) {
        return SecretHash.of(userId);
    }

    private static @Nullable SecretHash userKey(Registration registration) {
        String user = registration.userBehind();
        return user == null ? null : userKey(user);
    }

    private static void bindClaim(Parameters parameters, @Nullable Claim claim) throws SQLException {
        parameters
                .hash(claim == null ? null : claim.tokenHash())
                .time(claim == null ? null : claim.expiresAt())
                .text(claim == null ? null : claim.recipient())
                .count(claim == null ? null : claim.wrongGuesses())
                .bytes(claim == null ? null : joined(claim.refusals()));
        Attempt attempt = claim == null ? null : claim.attempt();
        parameters
                .text(attempt == null ? null : attempt.id())
                .hash(attempt == null ? null : attempt.tokenHash())
                .time(attempt == null ? null : attempt.startedAt())
                .time(attempt == null ? null : attempt.linkExpiresAt())
                .flag(attempt == null ? null : attempt.mailed());
        OneTimeCode code = attempt == null ? null : attempt.code();
        parameters
                .hash(code == null ? null : code.hash())
                .time(code == null ? null : code.expiresAt())
                .count(code == null ? null : code.wrongGuesses());
    }

    private static void bindProvider(Parameters parameters, @Nullable ProviderLink link) throws SQLException {
        ProviderIdentity identity = link == null ? null : link.identity();
        parameters
                .text(identity == null ? null : identity.issuer())
                .text(identity == null ? null : identity.tenant())
                .text(identity == null ? null : identity.subject())
                .text(identity == null ? null : identity.audience())
                .time(link == null ? null : link.firstIssuedAt())
                .time(link == null ? null : link.newestIssuedAt());
    }

    /** Reads {@link #FIXED} and {@link #FACTS}. */
    static Registration read(Row row) throws SQLException {
        String id = row.text();
        RegistrationKind kind = RegistrationKind.valueOf(row.text());
        Instant createdAt = row.time();
        long version = row.number();
        long epoch = row.number();
        String userId = row.textOrNull();
        Instant claimedAt = row.timeOrNull();
        Claim claim = readClaim(row);
        ProviderLink provider = readProvider(row);
        String stepUpUserId = row.textOrNull();
        Instant revokedAt = row.timeOrNull();
        return new Registration(
                id, kind, createdAt, version, epoch, userId, claimedAt, claim, provider, stepUpUserId, revokedAt);
    }

    private static @Nullable Claim readClaim(Row row) throws SQLException {
        SecretHash tokenHash = row.hashOrNull();
        Instant expiresAt = row.timeOrNull();
        String recipient = row.textOrNull();
        int wrongGuesses = row.count();
        byte[] refusals = row.bytesOrNull();
        Attempt attempt = readAttempt(row);
        return tokenHash == null || expiresAt == null || refusals == null
                ? null
                : new Claim(tokenHash, expiresAt, recipient, attempt, wrongGuesses, divided(refusals));
    }

    private static @Nullable Attempt readAttempt(Row row) throws SQLException {
        String id = row.textOrNull();
        SecretHash tokenHash = row.hashOrNull();
        Instant startedAt = row.timeOrNull();
        Instant linkExpiresAt = row.timeOrNull();
        boolean mailed = row.flag();
        SecretHash codeHash = row.hashOrNull();
        Instant codeExpiresAt = row.timeOrNull();
        int wrongGuesses = row.count();
        if (id == null || tokenHash == null || startedAt == null || linkExpiresAt == null) {
            return null;
        }
        OneTimeCode code = codeHash == null || codeExpiresAt == null
                ? null
                : new OneTimeCode(codeHash, codeExpiresAt, wrongGuesses);
        return new Attempt(id, tokenHash, startedAt, linkExpiresAt, mailed, code);
    }

    private static @Nullable ProviderLink readProvider(Row row) throws SQLException {
        String issuer = row.textOrNull();
        String tenant = row.textOrNull();
        String subject = row.textOrNull();
        String audience = row.textOrNull();
        Instant firstIssuedAt = row.timeOrNull();
        Instant newestIssuedAt = row.timeOrNull();
        return issuer == null || subject == null || audience == null || firstIssuedAt == null || newestIssuedAt == null
                ? null
                : new ProviderLink(
                        new ProviderIdentity(issuer, tenant, subject, audience), firstIssuedAt, newestIssuedAt);
    }

    private static byte[] joined(Set<SecretHash> hashes) {
        ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * HASH_BYTES);
        hashes.forEach(hash -> bytes.put(hash.bytes()));
        return bytes.array();
    }

    private static Set<SecretHash> divided(byte[] bytes) {
        Set<SecretHash> hashes = new HashSet<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            byte[] hash = new byte[HASH_BYTES];
            buffer.get(hash);
            hashes.add(SecretHash.ofBytes(hash));
        }
        return hashes;
    }
}
