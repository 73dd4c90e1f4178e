package dev.agentauth.internal;

import java.util.EnumSet;
import java.util.Set;

/** The one set of what is on: the builder makes it, and documents, errors and registering ask it. */
public final class Features {
    private final Set<Feature> on;

    private Features(Set<Feature> on) {
        this.on = on;
    }

    /** The features of a configuration; what follows from others is added. */
    public static Features of(Set<Feature> chosen) {
        EnumSet<Feature> on = EnumSet.noneOf(Feature.class);
        on.addAll(chosen);
        if (!on.contains(Feature.ID_JAG)) {
            on.remove(Feature.CONFIRMATION);
        }
        if (!on.contains(Feature.SIGN_IN) || !on.contains(Feature.EMAIL)) {
            on.remove(Feature.NAMELESS);
        }
        if (on.contains(Feature.ANONYMOUS) || on.contains(Feature.EMAIL) || on.contains(Feature.CONFIRMATION)) {
            on.add(Feature.CLAIM);
        } else {
            on.remove(Feature.TYPED_CODE);
        }
        return new Features(on);
    }

    /** Whether a feature is on. */
    public boolean has(Feature feature) {
        return on.contains(feature);
    }

    /** Whether agents can register in any way. */
    public boolean canRegister() {
        return has(Feature.ANONYMOUS) || has(Feature.EMAIL) || has(Feature.ID_JAG);
    }
}
