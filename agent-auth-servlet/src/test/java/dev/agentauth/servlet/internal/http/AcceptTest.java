package dev.agentauth.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/markdown",
                "Text/Markdown",
                "text/markdown; charset=utf-8",
                "text/markdown;variant=\"a,b;q=0\"",
                "text/markdown;variant=\"\\\",text/x\"",
                "text/markdown, */*",
                "text/markdown, application/json",
                "application/json;q=0.9, text/markdown",
                "text/markdown;q=0.001, application/json;q=0",
                "text/markdown;q=0.5, */*;q=0.4",
                "text/html, text/markdown ; q=0.8 , */*;q=0.1",
                "text/*",
                "text/*, application/json;q=0.5",
                "*/*, application/json;q=0.5",
                ", ,text/markdown,",
                "text/markdown;Q=1.000",
                "text/markdown;q=1;",
                "nonsense, text/markdown",
                "text/markdown;x",
                "text/markdown;q=0.2, text/markdown"
            })
    void markdown(String header) {
        assertThat(Accept.of(List.of(header)).prefersMarkdown()).as(header).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/json",
                "application/*",
                "text/html",
                "text/markdown;q=0",
                "text/markdown;q=0.000",
                "text/markdown;q=0, */*",
                "text/markdown;q=0, text/*",
                "text/markdown;q=0.5, application/json",
                "text/markdown;q=0.5, */*",
                "text/*;q=0.5, application/*;q=0.5",
                "text/*, */*",
                "text/markdown;q=2",
                "text/markdown;q=1.001",
                "text/markdown;q=-1",
                "text/markdown;q=0.0001",
                "text/markdown;q=NaN",
                "text/markdown;q=",
                "text/markdown-x",
                "text /markdown",
                "*/markdown",
                "x=\"text/markdown",
                "application/json;x=\", text/markdown"
            })
    void somethingElse(String header) {
        assertThat(Accept.of(List.of(header)).prefersMarkdown()).as(header).isFalse();
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(Accept.of(List.of("application/json;q=0.5", "text/markdown")).prefersMarkdown())
                .isTrue();
        assertThat(Accept.of(List.of("application/json", "text/markdown;q=0.9")).prefersMarkdown())
                .isFalse();
        assertThat(Accept.of(List.of()).prefersMarkdown()).isFalse();
    }

    @Test
    void longHeaderTakesTimeInProportion() {
        String header = "text/markdown;a=\"" + "\\\"".repeat(100_000) + "\",".repeat(2) + "text/markdown";

        assertThat(Accept.of(List.of(header)).prefersMarkdown()).isTrue();
    }
}
