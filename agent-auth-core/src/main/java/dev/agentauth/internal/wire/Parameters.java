package dev.agentauth.internal.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a form or a query. One without a value counts as absent. */
public interface Parameters {

    /** The value of a parameter that may be given once; null if it is absent. */
    @Nullable
    String one(String name);

    /** The value of a parameter that must be given exactly once. */
    String required(String name);

    /** The values of a parameter that may be given any number of times. */
    List<String> all(String name);

    /** Something that parameters are read from, keeping those alone that somebody asks for. */
    @FunctionalInterface
    interface Source {
        /** Reads the parameters of these names. */
        Parameters read(String... names);
    }
}
