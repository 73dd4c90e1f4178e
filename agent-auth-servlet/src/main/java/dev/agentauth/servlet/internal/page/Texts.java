package dev.agentauth.servlet.internal.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The words of one language. Files are read by name rather than looked up by {@link ResourceBundle#getBundle}, which falls
 * back to the language of the machine.
 */
public final class Texts {
    private static final String TIME = "format.time";
    private static final String SCOPE = "scope.";
    private static final long MANY_MINUTES = 120;
    private static final long MANY_HOURS = 48;

    /** {@link MessageFormat} would drop it, and quote what follows. */
    private static final Pattern LONE_APOSTROPHE = Pattern.compile("\\p{L}'(?!')");

    private static final Texts ENGLISH = new Texts(Locale.ENGLISH, read("texts_en.properties"));
    private static final Texts GERMAN = new Texts(Locale.GERMAN, read("texts_de.properties"));

    private final Locale language;
    private final Map<String, String> patterns;
    private final DateTimeFormatter time;

    private Texts(Locale language, Map<String, String> patterns) {
        this.language = language;
        this.patterns = Map.copyOf(patterns);
        this.time = timeFormat(require(TIME), language);
    }

    /** The languages that we ship, English first. */
    public static Map<Locale, Texts> ours() {
        Map<Locale, Texts> ours = new LinkedHashMap<>();
        ours.put(ENGLISH.language, ENGLISH);
        ours.put(GERMAN.language, GERMAN);
        return ours;
    }

    /** A bundle's texts above ours, if we have any in that language. */
    public static Texts of(Locale language, ResourceBundle bundle) {
        Map<String, String> patterns = new LinkedHashMap<>();
        Locale known = Locale.lookup(Locale.LanguageRange.parse(language.toLanguageTag()), ours().keySet());
        if (known != null) {
            patterns.putAll(Objects.requireNonNull(ours().get(known)).patterns);
        }
        for (String key : bundle.keySet()) {
            String pattern = bundle.getString(key);
            check(language, key, pattern);
            patterns.put(key, pattern);
        }
        TreeSet<String> missing = new TreeSet<>(ENGLISH.patterns.keySet());
        missing.removeAll(patterns.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("texts " + language.toLanguageTag() + " lack " + missing);
        }
        return new Texts(language, patterns);
    }

    private static void check(Locale language, String key, String pattern) {
        try {
            String ours = ENGLISH.patterns.get(key);
            if (key.equals(TIME)) {
                timeFormat(pattern, language).formatTo(Instant.EPOCH, new StringBuilder());
            } else if (ours != null) {
                checkArguments(pattern, language, ours);
            } else if (!key.startsWith(SCOPE)) {
                throw new IllegalArgumentException("no page uses it");
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "text " + key + " in " + language.toLanguageTag() + ": " + e.getMessage(), e);
        }
    }

    private static void checkArguments(String pattern, Locale language, String ours) {
        if (LONE_APOSTROPHE.matcher(pattern).find()) {
            throw new IllegalArgumentException("an apostrophe is written \u2019, or doubled");
        }
        if (arguments(pattern, language) > arguments(ours, Locale.ENGLISH)) {
            throw new IllegalArgumentException("it has more arguments than the English text");
        }
    }

    private static DateTimeFormatter timeFormat(String pattern, Locale language) {
        return DateTimeFormatter.ofPattern(pattern, language).withZone(ZoneOffset.UTC);
    }

    private static int arguments(String pattern, Locale language) {
        return new MessageFormat(pattern, language).getFormatsByArgumentIndex().length;
    }

    public Locale language() {
        return language;
    }

    /** A text with its arguments. */
    String text(String key, Object... arguments) {
        return new MessageFormat(require(key), language).format(arguments);
    }

    /** What a scope allows, in plain words, where the service has said so. */
    Optional<String> scope(String scope) {
        return Optional.ofNullable(patterns.get(SCOPE + scope));
    }

    /** A date with its time. */
    String time(Instant instant) {
        return time.format(instant);
    }

    /** How long ago something was. */
    String ago(Instant then, Instant now) {
        long minutes = Math.max(0, Duration.between(then, now).toMinutes());
        return minutes < MANY_MINUTES
                ? text("format.ago.minutes", minutes)
                : minutes < MANY_HOURS * 60
                        ? text("format.ago.hours", minutes / 60)
                        : text("format.ago.days", minutes / (24 * 60));
    }

    /** How long there is until something. */
    String span(Instant now, Instant then) {
        long minutes = Math.max(0, Math.round(Duration.between(now, then).toSeconds() / 60.0));
        return minutes < MANY_MINUTES
                ? text("format.span.minutes", minutes)
                : minutes < MANY_HOURS * 60
                        ? text("format.span.hours", minutes / 60)
                        : text("format.span.days", minutes / (24 * 60));
    }

    private String require(String key) {
        return Objects.requireNonNull(patterns.get(key), key);
    }

    private static Map<String, String> read(String name) {
        try (InputStream in = Objects.requireNonNull(Texts.class.getResourceAsStream(name), name)) {
            Map<String, String> patterns = new LinkedHashMap<>();
            ResourceBundle bundle = new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8));
            List.copyOf(bundle.keySet()).forEach(key -> patterns.put(key, bundle.getString(key)));
            return patterns;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
