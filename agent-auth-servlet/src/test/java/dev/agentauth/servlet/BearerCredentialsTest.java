package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerCredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "Bearer at_abc, at_abc",
        "bearer at_abc, at_abc",
        "BEARER at_abc, at_abc",
        "Bearer a, a",
        "Bearer aZ0-._~+/, aZ0-._~+/",
        "Bearer abc=, abc=",
        "Bearer abc===, abc==="
    })
    void tokenStandsBehindTheSchemeInAnyCaseAndASpace(String header, String token) {
        assertThat(BearerCredentials.isBearer(header)).isTrue();
        assertThat(BearerCredentials.token(header)).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer   ",
                "Bearer \tabc",
                "Bearer  abc  def",
                "Bearer\tabc",
                "Bearer abc ",
                "Bearer abc def",
                "Bearer abc,",
                "Bearer abc, Bearer def",
                "Bearer,abc",
                "Bearer=abc",
                "Bearer \"abc\"",
                "Bearer =",
                "Bearer ab=c",
                "Bearer abcé",
                "Bearer abc\u0000",
                "Bearer abc;x"
            })
    void tokenOfAnyOtherFormIsEmpty(String header) {
        assertThat(BearerCredentials.isBearer(header)).isTrue();
        assertThat(BearerCredentials.token(header)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer  abc", "bearer   abc", "BEARER          abc"})
    void f10_severalSpacesAreAsGoodAsOne(String header) {
        assertThat(BearerCredentials.isBearer(header)).isTrue();
        assertThat(BearerCredentials.token(header)).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic YTpi",
                "Beare abc",
                "Bearerabc",
                "Bearer-x abc",
                "Bearer+abc",
                "DPoP abc",
                " Bearer abc"
            })
    void otherSchemesAreNotBearer(String header) {
        assertThat(BearerCredentials.isBearer(header)).isFalse();
    }
}
