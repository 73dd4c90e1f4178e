package dev.agentauth.internal.wire;

import dev.agentauth.internal.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A page of Markdown as it grows, with the examples that {@code /auth.md} is made of: requests by curl, and answers. */
final class Page {
    private static final int LINE = 110;

    private final StringBuilder out = new StringBuilder(16_384);

    /** Text, with arguments as {@link String#format} takes them, or without any as it is. */
    void text(String format, Object... arguments) {
        out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    }

    /** A section. */
    void heading(String title) {
        out.append("\n## ").append(title).append("\n\n");
    }

    /** A part of a section. */
    void subheading(String title) {
        out.append("\n### ").append(title).append("\n\n");
    }

    /** A request with a body in JSON. */
    void post(String url, Map<String, ?> members) {
        fence(
                "sh",
                "curl -s " + Markdown.shell(url) + " -H 'Content-Type: application/json' -d "
                        + Markdown.quoted(layOut(members)));
        text("\n");
    }

    /** A request with a form. */
    void form(String url, Map<String, String> parameters) {
        fence("sh", "curl -s " + Markdown.shell(url) + " -d " + Markdown.quoted(form(parameters)));
        text("\n");
    }

    /** An answer in JSON. */
    void answer(Map<String, ?> members) {
        fence("json", layOut(members));
    }

    void fence(String language, String content) {
        out.append("```").append(language).append('\n').append(content).append("\n```\n");
    }

    /** Everything so far. */
    String written() {
        return out.toString();
    }

    /** A form as it goes over the wire. */
    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + formValue(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Placeholders, and what has one spelling in a form, stay as they are. */
    private static String formValue(String value) {
        return value.startsWith("<") || value.matches("[A-Za-z0-9:._-]+")
                ? value
                : URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** JSON as it goes over the wire. */
    static String oneLine(Map<String, ?> members) {
        return new String(Json.write(members), StandardCharsets.UTF_8);
    }

    /** JSON with line breaks between its members where a line would become long. */
    private static String layOut(Map<String, ?> members) {
        StringBuilder json = new StringBuilder("{");
        int lineStart = 0;
        for (Map.Entry<String, ?> member : members.entrySet()) {
            String whole = oneLine(Map.of(member.getKey(), member.getValue()));
            String text = whole.substring(1, whole.length() - 1);
            if (json.length() > 1) {
                json.append(',');
                if (json.length() - lineStart + text.length() > LINE) {
                    json.append("\n ");
                    lineStart = json.length();
                }
            }
            json.append(text);
        }
        return json.append('}').toString();
    }
}
