package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.servlet.AccessRules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {
    private final AccessRules rules = new AccessRules(List.of(
            new Rule("GET", "/api/*", "read"),
            new Rule("POST", "/api/*", "write"),
            new Rule("GET", "/api/admin/*", "admin"),
            new Rule("GET", "/api/admin/help", "help"),
            new Rule("GET", "/exact", "exact"),
            new Rule("GET", "/api/.well-known/*", null)));

    @ParameterizedTest
    @CsvSource({
        "GET, /api, read",
        "GET, /api/, read",
        "GET, /api/x/y, read",
        "HEAD, /api/x, read",
        "POST, /api/x, write",
        "GET, /api/administration, read",
        "GET, /api/admin, admin",
        "GET, /api/admin/users, admin",
        "GET, /api/admin/help, help",
        "HEAD, /api/admin/help, help",
        "GET, /api/admin/help/more, admin",
        "POST, /api/admin/help, write",
        "GET, /exact, exact"
    })
    void mostSpecificRuleForTheMethodDecides(String method, String path, String scope) {
        assertThat(rules.find(method, path)).isNotNull().extracting(Rule::scope).isEqualTo(scope);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /apix",
        "GET, /API/x",
        "PUT, /api/x",
        "get, /api/x",
        "OPTIONS, /api/x",
        "POST, /exact",
        "GET, /exact/",
        "GET, /exact/x"
    })
    void otherMethodsAndPathsHaveNoRule(String method, String path) {
        assertThat(rules.find(method, path)).isNull();
    }

    @Test
    void openRuleNeedsNothing() {
        assertThat(rules.find("GET", "/api/.well-known/x")).isNotNull().returns(true, Rule::isOpen);
        assertThat(rules.find("GET", "/api/x")).isNotNull().returns(false, Rule::isOpen);
    }

    @Test
    void ruleForEverythingCoversEveryPath() {
        AccessRules all = new AccessRules(List.of(new Rule("GET", "/*", "read")));

        assertThat(all.find("GET", "/")).isNotNull();
        assertThat(all.find("GET", "/a/b")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a//b",
                "//a",
                "/a/./b",
                "/a/../b",
                "/a/.",
                "/a/..",
                "/a;x=1",
                "/a%2e",
                "/a\\b",
                "/a\u0000",
                "/a\u007f",
                "/a\u0085",
                "/a\n",
                "",
                "a"
            })
    void ambiguousPathsAreNotPlain(String path) {
        assertThat(AccessRules.isPlain(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/", "/.well-known/x", "/a/..b/c..", "/a/...", "/a b", "/é", "/a:b@c"})
    void otherPathsArePlain(String path) {
        assertThat(AccessRules.isPlain(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "api", "/a*", "/*/b", "/a/*/b", "/a/**", "//*", "/a//*", "/a;x", "/a/../b"})
    void patternsThatCannotMatchAreRefused(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRules(List.of(new Rule("GET", pattern, "read"))))
                .withMessageContaining("GET " + pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "é", "a\r\nb"})
    void scopesThatAreNoScopeTokensAreRefused(String scope) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AccessRules(List.of(new Rule("GET", "/a", scope))));
    }

    @Test
    void secondRuleForTheSameIsRefused() {
        Rule rule = new Rule("GET", "/a", "read");
        Rule prefix = new Rule("GET", "/a/*", "read");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRules(List.of(rule, new Rule("GET", "/a", null))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRules(List.of(prefix, new Rule("GET", "/a/*", "write"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRules(List.of(rule, new Rule("HEAD", "/a", "read"))));
        assertThat(new AccessRules(List.of(rule, prefix)).find("GET", "/a")).isSameAs(rule);
    }
}
