package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void textIsEscapedWhateverItHolds() {
        assertThat(written(element("p", text("<script>alert(1)</script> & \"x\" 'y'"))))
                .isEqualTo("<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; &#39;y&#39;</p>");
        assertThat(written(text("&lt;"))).isEqualTo("&amp;lt;");
    }

    @Test
    void attributeValuesCannotLeaveTheirQuotes() {
        assertThat(written(element("input").with("value", "\"><script>'&")))
                .isEqualTo("<input value=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">");
    }

    @Test
    void elementsNestInOrder() {
        assertThat(written(element(
                        "p", text("a"), element("b", text("c")).with("x", "1").with("y", "2"), text("d"))))
                .isEqualTo("<p>a<b x=\"1\" y=\"2\">c</b>d</p>");
    }

    @Test
    void voidElementsHaveNoEndTag() {
        assertThat(written(element("meta"))).isEqualTo("<meta>");
        assertThat(written(element("p"))).isEqualTo("<p></p>");
    }

    private static String written(Html html) {
        StringBuilder out = new StringBuilder();
        html.writeTo(out);
        return out.toString();
    }
}
