package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void codeSpanEndsWhereItShould() {
        assertThat(Markdown.code("api.read")).isEqualTo("`api.read`");
        assertThat(Markdown.code("a_b*c")).isEqualTo("`a_b*c`");
        assertThat(Markdown.code("a`b")).isEqualTo("``a`b``");
        assertThat(Markdown.code("``a```b")).isEqualTo("```` ``a```b ````");
        assertThat(Markdown.code("`")).isEqualTo("`` ` ``");
    }

    @Test
    void barDoesNotEndACell() {
        assertThat(Markdown.cell(List.of("a|b", "c`|"))).isEqualTo("`a\\|b`, ``c`\\|``");
    }

    @Test
    void namesMeanNothingToMarkdown() {
        assertThat(Markdown.text("A_b *c* `d` <e> [f](g) | h & i-j.k"))
                .isEqualTo("A\\_b \\*c\\* \\`d\\` \\<e\\> \\[f\\]\\(g\\) \\| h \\& i-j.k");
        assertThat(Markdown.text("Gr\u00fc\u00dfe")).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void shellReadsOneWord() {
        assertThat(Markdown.shell("https://h/.well-known/x/api/")).isEqualTo("https://h/.well-known/x/api/");
        assertThat(Markdown.shell("https://h/a&b;c'd")).isEqualTo("'https://h/a&b;c'\\''d'");
    }
}
