package dev.agentauth.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormParametersTest {

    @Test
    void oneOfAnAbsentParameterIsNull() {
        assertThat(parse("").one("token")).isNull();
        assertThat(parse("other=1").one("token")).isNull();
        assertThat(parse("toke=1&tokens=2&Token=3").one("token")).isNull();
    }

    @Test
    void oneOfAnEmptyParameterIsNull() {
        assertThat(parse("token=").one("token")).isNull();
        assertThat(parse("token").one("token")).isNull();
    }

    @Test
    void oneDecodesEscapesAndPlusSigns() {
        assertThat(parse("token=a%20b+c%2Bd%3d%26").one("token")).isEqualTo("a b c+d=&");
        assertThat(parse("t%6Fken=x").one("token")).isEqualTo("x");
        assertThat(parse("token=a=b=").one("token")).isEqualTo("a=b=");
    }

    @Test
    void oneDecodesUtf8WrittenEitherWay() {
        assertThat(parse("token=%C3%A9").one("token")).isEqualTo("é");
        assertThat(parse("token=é").one("token")).isEqualTo("é");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=a&token=b",
                "token=a&token=a",
                "token=a&token=",
                "token=&token=a",
                "token&token",
                "token=a&t%6fken=b"
            })
    void oneOfARepeatedParameterIsRefusedEvenWhereOneIsEmpty(String form) {
        FormParameters parameters = parse(form);

        assertThatExceptionOfType(AgentAuthException.class)
                .isThrownBy(() -> parameters.one("token"))
                .withMessage("The parameter token is given more than once.")
                .returns(Problem.MALFORMED, AgentAuthException::problem);
    }

    @Test
    void oneIsNotDisturbedByRepeatsOfOtherParameters() {
        assertThat(parse("x=1&token=a&x=2&x=3").one("token")).isEqualTo("a");
    }

    @Test
    void requiredRefusesAnAbsentParameterAndNamesIt() {
        assertThatExceptionOfType(AgentAuthException.class)
                .isThrownBy(() -> parse("token=").required("token"))
                .withMessage("The parameter token is missing.");
    }

    @Test
    void allKeepsOrderAndDropsEmptyValues() {
        assertThat(parse("resource=b&resource=&x=1&resource=a&resource").all("resource"))
                .containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=%",
                "token=%2",
                "token=%2g",
                "token=%g2",
                "token=% 2",
                "token=%00",
                "token=a\u0000",
                "token=%C3",
                "token=%C3&x=%A9",
                "token=%C3=%A9",
                "token=%C0%80",
                "token=%ED%A0%80",
                "token=%F5%80%80%80",
                "token=%FF",
                "x=%&token=a",
                "%FF=1&token=a",
                "x=%FF&token=a"
            })
    void parseRefusesWhatIsNotEncodedUtf8WhereverItStands(String form) {
        assertThatExceptionOfType(AgentAuthException.class)
                .isThrownBy(() -> parse(form))
                .returns(Problem.MALFORMED, AgentAuthException::problem);
    }

    @Test
    void parseSkipsEmptyPairs() {
        assertThat(parse("&&token=a&&").one("token")).isEqualTo("a");
    }

    private static FormParameters parse(String form) {
        return FormParameters.parse(form.getBytes(StandardCharsets.UTF_8), "token", "resource");
    }
}
