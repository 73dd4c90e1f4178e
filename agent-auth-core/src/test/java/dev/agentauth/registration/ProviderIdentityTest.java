package dev.agentauth.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** T16: identities are told apart by all their parts, exactly, and so are the keys that stand for them. */
class ProviderIdentityTest {
    private static final String[] PARTS = {
        "", "a", "A", "a ", " a", "aa", "\u00e9", "e\u0301", "\u00df", "ss", "a\u200b"
    };

    @Test
    void keysAreEqualExactlyIfTheIdentitiesAre() {
        Random random = new Random(5);
        Map<SecretHash, ProviderIdentity> byKey = new HashMap<>();
        Map<ProviderIdentity, SecretHash> byIdentity = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            ProviderIdentity identity = new ProviderIdentity(
                    part(random), random.nextInt(4) == 0 ? null : part(random), part(random), part(random));
            ProviderIdentity sameKey = byKey.putIfAbsent(identity.key(), identity);
            SecretHash before = byIdentity.putIfAbsent(identity, identity.key());
            assertThat(sameKey).isIn(null, identity);
            assertThat(before).isIn(null, identity.key());
        }
        assertThat(byKey).hasSameSizeAs(byIdentity).hasSizeGreaterThan(5000);
    }

    @Test
    void absentTenantIsAnIdentityOfItsOwn() {
        ProviderIdentity none = new ProviderIdentity("iss", null, "sub", "aud");
        ProviderIdentity empty = new ProviderIdentity("iss", "", "sub", "aud");

        assertThat(none).isNotEqualTo(empty);
        assertThat(none.key()).isNotEqualTo(empty.key());
        assertThat(none.key()).isEqualTo(none.subjectKey());
        assertThat(empty.subjectKey()).isEqualTo(none.subjectKey());
    }

    @Test
    void subjectWithATenantCoversThatTenantsIdentityAloneAndHasItsKey() {
        ProviderIdentity subject = new ProviderIdentity("iss", "t", "sub", "aud");
        ProviderIdentity identity = new ProviderIdentity("iss", "t", "sub", "aud");

        assertThat(subject.key()).isEqualTo(identity.key());
        assertThat(subject.covers(identity)).isTrue();
        assertThat(subject.covers(new ProviderIdentity("iss", null, "sub", "aud")))
                .isFalse();
        assertThat(subject.covers(new ProviderIdentity("iss", "T", "sub", "aud")))
                .isFalse();
        assertThat(subject.covers(new ProviderIdentity("iss", "", "sub", "aud")))
                .isFalse();
    }

    @Test
    void subjectWithoutATenantCoversEveryTenantsIdentityAndHasTheirCommonKey() {
        ProviderIdentity subject = new ProviderIdentity("iss", null, "sub", "aud");

        for (String tenant : new String[] {null, "", "t", "T"}) {
            ProviderIdentity identity = new ProviderIdentity("iss", tenant, "sub", "aud");
            assertThat(subject.covers(identity)).isTrue();
            assertThat(subject.key()).isEqualTo(identity.subjectKey());
        }
        assertThat(subject.covers(new ProviderIdentity("iss2", null, "sub", "aud")))
                .isFalse();
        assertThat(subject.covers(new ProviderIdentity("iss", null, "sub2", "aud")))
                .isFalse();
        assertThat(subject.covers(new ProviderIdentity("iss", null, "sub", "aud2")))
                .isFalse();
    }

    private static String part(Random random) {
        return PARTS[random.nextInt(PARTS.length)];
    }
}
