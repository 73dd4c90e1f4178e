package dev.agentauth.servlet.internal.page;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A service's colour, and what has to go with it so that it can be read and seen (WCAG 2.2, 1.4.3 and 1.4.11).
 *
 * @param fill the colour as the service gave it, of the button that leads on
 * @param label black or white, whichever reads better on the fill; the worst of all fills still gives 4.58:1
 * @param edgeOnLight around the button and around what has the focus: the fill, darkened until it stands out
 * @param edgeOnDark the fill, lightened until it stands out
 */
public record Accent(String fill, String label, String edgeOnLight, String edgeOnDark) {
    /** What the edges are drawn on; the same in style.css. */
    static final String LIGHT_PAGE = "#f4f6f8";

    static final String DARK_CARD = "#1e2329";

    private static final double STANDS_OUT = 3.0;
    private static final double STEP = 0.05;
    private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");

    /** A calm blue. Stands last, since it is made by means of the others. */
    public static final Accent DEFAULT = of("#0b57a4");

    /** Finds what goes with a colour. */
    public static Accent of(String hex) {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a colour is written #rrggbb, not like this: " + hex);
        }
        String fill = hex.toLowerCase(Locale.ROOT);
        String label = contrast(fill, "#ffffff") >= contrast(fill, "#000000") ? "#ffffff" : "#000000";
        return new Accent(fill, label, edge(fill, "#000000", LIGHT_PAGE), edge(fill, "#ffffff", DARK_CARD));
    }

    /** Custom properties for the stylesheet. */
    String css() {
        return ":root { --accent: " + fill + "; --on-accent: " + label + "; --edge: " + edgeOnLight + "; }\n"
                + "@media (prefers-color-scheme: dark) { :root { --edge: " + edgeOnDark + "; } }\n";
    }

    private static String edge(String colour, String towards, String background) {
        String edge = colour;
        for (double part = STEP; contrast(edge, background) < STANDS_OUT; part += STEP) {
            edge = mix(colour, towards, part);
        }
        return edge;
    }

    private static String mix(String from, String towards, double part) {
        StringBuilder mixed = new StringBuilder("#");
        for (int i = 1; i < from.length(); i += 2) {
            double channel = channel(from, i) + (channel(towards, i) - channel(from, i)) * Math.min(1, part);
            mixed.append(String.format(Locale.ROOT, "%02x", Math.round(channel)));
        }
        return mixed.toString();
    }

    /** From 1 to 21 (WCAG 2.2, contrast ratio). */
    static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String colour) {
        return 0.2126 * linear(channel(colour, 1))
                + 0.7152 * linear(channel(colour, 3))
                + 0.0722 * linear(channel(colour, 5));
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    private static int channel(String colour, int start) {
        return Integer.parseInt(colour, start, start + 2, 16);
    }
}
