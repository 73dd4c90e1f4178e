package dev.agentauth.servlet.internal.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A piece of HTML. Text and attribute values are escaped when it is written, and there is no other way to put a value in:
 * names of elements and attributes are constants of this package.
 */
sealed interface Html {

    /** What may have neither content nor an end tag (HTML Standard, section 13.1.2). */
    Set<String> VOID = Set.of("br", "img", "input", "link", "meta");

    /** An element with children. */
    static Element element(String name, Html... children) {
        return new Element(name, List.of(), List.of(children));
    }

    /** Text as people are to read it, whatever characters it holds. */
    static Html text(String text) {
        return new Text(text);
    }

    /** Writes it. */
    void writeTo(StringBuilder out);

    /** An element. */
    record Element(String name, List<Attribute> attributes, List<Html> children) implements Html {

        /** The same with one more attribute. */
        Element with(String attribute, String value) {
            List<Attribute> more = new ArrayList<>(attributes);
            more.add(new Attribute(attribute, value));
            return new Element(name, List.copyOf(more), children);
        }

        @Override
        public void writeTo(StringBuilder out) {
            out.append('<').append(name);
            for (Attribute attribute : attributes) {
                out.append(' ').append(attribute.name()).append("=\"");
                escape(attribute.value(), out);
                out.append('"');
            }
            out.append('>');
            if (!VOID.contains(name)) {
                children.forEach(child -> child.writeTo(out));
                out.append("</").append(name).append('>');
            }
        }
    }

    /** An attribute of an element. */
    record Attribute(String name, String value) {}

    /** Text. */
    record Text(String text) implements Html {
        @Override
        public void writeTo(StringBuilder out) {
            escape(text, out);
        }
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
