package dev.agentauth.internal.token;

import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.jose.Base64Url;
import java.util.Optional;

/**
 * A refresh token taken apart: {@code rt_}, whose it is, what its family has in common and what is its own, each of the two
 * 192 bits in base64url. Nothing in it is a dot, since with two of them it would be taken for a JWT.
 *
 * @param registrationId {@code reg_…}, of which nothing is known but its form
 * @param family a secret: whoever knows it has held a token of the family
 * @param own a secret
 */
record RefreshToken(String registrationId, Secret family, Secret own) {
    private static final String PREFIX = "rt_";
    private static final int PART = 32;
    private static final int LONGEST_ID = 64;

    /** The first of a family. */
    static RefreshToken first(String registrationId, Secrets secrets) {
        return new RefreshToken(
                registrationId, Secret.of(secrets.refreshTokenPart()), Secret.of(secrets.refreshTokenPart()));
    }

    /** Another one of the same family. */
    RefreshToken successor(Secrets secrets) {
        return new RefreshToken(registrationId, family, Secret.of(secrets.refreshTokenPart()));
    }

    /** Takes one apart; empty for what has another form. */
    static Optional<RefreshToken> parse(String token) {
        int idLength = token.length() - PREFIX.length() - 2 * PART;
        if (idLength < 1 || idLength > LONGEST_ID || !token.startsWith(PREFIX) || !Base64Url.hasOnlyDigits(token)) {
            return Optional.empty();
        }
        int familyAt = PREFIX.length() + idLength;
        return Optional.of(new RefreshToken(
                token.substring(PREFIX.length(), familyAt),
                Secret.of(token.substring(familyAt, familyAt + PART)),
                Secret.of(token.substring(familyAt + PART))));
    }

    SecretHash familyHash() {
        return SecretHash.of(family.reveal());
    }

    SecretHash ownHash() {
        return SecretHash.of(own.reveal());
    }

    /** In one piece, as agents know it. */
    Secret value() {
        return Secret.of(PREFIX + registrationId + family.reveal() + own.reveal());
    }
}
