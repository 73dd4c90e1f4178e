package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;

import java.util.Locale;

/** A small drawing above the heading of a page without buttons. The heading says the same. */
enum Mark {
    CHECK("M7 12.5l3.5 3.5 6.5-7.5"),
    CLOCK("M12 7v5.5l3.5 2"),
    ALERT("M12 7v6.5M12 17v.01");

    private final String path;

    Mark(String path) {
        this.path = path;
    }

    Html html() {
        return element(
                        "svg",
                        element("circle").with("cx", "12").with("cy", "12").with("r", "10.5"),
                        element("path").with("d", path))
                .with("class", "mark " + name().toLowerCase(Locale.ROOT))
                .with("viewBox", "0 0 24 24")
                .with("aria-hidden", "true");
    }
}
