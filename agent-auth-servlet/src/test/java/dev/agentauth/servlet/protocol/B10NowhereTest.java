package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B10. A path that is not there answers 404; with Accept: text/markdown as Markdown that names /auth.md")
final class B10NowhereTest extends ProtocolTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nowhere",
                "/agent",
                "/agent/",
                "/agent/identity/nowhere",
                "/agent/identity/claim/view/nowhere.css",
                "/oauth2/authorize",
                "/.well-known",
                "/.well-known/nowhere",
                "/.well-known/openid-configuration"
            })
    void markdownOrJson(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            Answer markdown = client().send(method, path, new byte[0], "Accept", "text/markdown")
                    .hasStatus(404)
                    .isNotStored();
            assertThat(markdown.header("Content-Type").replace(" ", "").toLowerCase(java.util.Locale.ROOT))
                    .isEqualTo("text/markdown;charset=utf-8");
            assertThat(markdown.text())
                    .startsWith("# 404")
                    .contains(service().issuer() + "/auth.md")
                    .doesNotContain("nowhere");
            assertThat(markdown.header("Vary")).isEqualTo("Accept");

            for (String accept : new String[] {"*/*", "application/json", "text/markdown;q=0"}) {
                Answer json = client().send(method, path, new byte[0], "Accept", accept)
                        .isIdentityError(404, "invalid_request")
                        .isJson();
                assertThat(json.header("Vary")).isEqualTo("Accept");
            }
        }
        assertThat(client().head(path, "Accept", "text/markdown").hasStatus(404).text())
                .isEmpty();
    }
}
