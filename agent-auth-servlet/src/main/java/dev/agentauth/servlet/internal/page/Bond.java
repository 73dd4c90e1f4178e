package dev.agentauth.servlet.internal.page;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn.SignedIn;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The synchronizer token of a form: bound to a session, to who is signed in there, and to one attempt. */
final class Bond {
    private static final String ALGORITHM = "HmacSHA256";

    private Bond() {}

    static Secret of(SignedIn signedIn, String attemptToken) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(utf8(signedIn.sessionSecret().reveal()), ALGORITHM));
            mac.update(utf8(signedIn.userId()));
            // No text has a byte like this, so nothing can be moved from one part to the other.
            mac.update((byte) 0xff);
            return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(utf8(attemptToken))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** In constant time. */
    static boolean isKept(Secret expected, @Nullable String given) {
        return given != null && MessageDigest.isEqual(utf8(expected.reveal()), utf8(given));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
