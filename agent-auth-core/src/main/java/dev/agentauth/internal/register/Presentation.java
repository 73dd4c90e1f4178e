package dev.agentauth.internal.register;

import dev.agentauth.Caller;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.claim.Asking;
import dev.agentauth.internal.provider.VerifiedIdJag;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.Contact;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One accepted ID-JAG, from whatever number of rounds it takes. */
final class Presentation {
    private final Caller caller;
    private final VerifiedIdJag idJag;
    private final List<String> postClaimScopes;
    private final Contact contact;
    private final Asking.Question question;

    Presentation(Caller caller, VerifiedIdJag idJag, List<String> postClaimScopes) {
        this.caller = caller;
        this.idJag = idJag;
        this.postClaimScopes = postClaimScopes;
        this.contact = Contact.of(idJag.email().orElse(null), idJag.phone().orElse(null));
        this.question = new Asking.Question(caller, Limits::stepUpMail);
    }

    Caller caller() {
        return caller;
    }

    VerifiedIdJag idJag() {
        return idJag;
    }

    ProviderIdentity identity() {
        return idJag.identity();
    }

    Contact contact() {
        return contact;
    }

    ProviderLink newLink() {
        return ProviderLink.of(idJag.identity(), idJag.issuedAt());
    }

    /** What the ID-JAG's scope narrows the assertion to; null if it has none. */
    @Nullable
    Set<String> ceiling() {
        if (idJag.scope().isEmpty()) {
            return null;
        }
        Set<String> ceiling = new LinkedHashSet<>(postClaimScopes);
        ceiling.retainAll(idJag.scope().get());
        return ceiling;
    }

    Asking.Question question() {
        return question;
    }

    /** What is audited of an event about a registration that the ID-JAG has to do with. */
    Map<String, String> auditFields(Registration registration) {
        Map<String, String> fields = new HashMap<>(idJag.auditFields());
        fields.put("kind", registration.kind().label());
        return fields;
    }
}
