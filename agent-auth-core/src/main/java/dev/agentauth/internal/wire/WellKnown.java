package dev.agentauth.internal.wire;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the metadata of something that has a URL of its own is. The RFCs insert the document's path between host and path;
 * many clients append it instead, so it is at both.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3.1">RFC 8414, section 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-3.1">RFC 9728, section 3.1</a>
 */
public final class WellKnown {
    private WellKnown() {}

    /** The URL of a document at its inserted place, which is the one to tell others. */
    public static String url(String document, String described) {
        String path = URI.create(described).getRawPath();
        return described.substring(0, described.length() - path.length()) + inserted(document, path);
    }

    /**
     * Every path at which a document is answered, as a container decodes it: the plain one; the inserted ones, and these with
     * what is below the base alone; and the appended one. Each that is below the base is also answered without the base, in
     * case something in front of us strips it.
     */
    public static Set<String> paths(String document, String described, String base) {
        String path = URI.create(described).getPath();
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String stripped = URI.create(base).getPath();
        List<String> outside =
                new ArrayList<>(List.of(document, stripped + document, document + path, bare + document));
        for (String inserted : List.of(path, bare)) {
            outside.add(inserted(document, inserted));
            if (inserted.startsWith(stripped + "/")) {
                outside.add(stripped + inserted(document, inserted.substring(stripped.length())));
            }
        }
        Set<String> places = new LinkedHashSet<>();
        for (String place : outside) {
            places.add(place);
            if (place.startsWith(stripped + "/")) {
                places.add(place.substring(stripped.length()));
            }
        }
        return places;
    }

    private static String inserted(String document, String path) {
        return path.equals("/") ? document : document + path;
    }
}
