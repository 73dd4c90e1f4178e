package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewEndpointTest {

    @Test
    void tokenIsTheOneOfTheQuery() {
        assertThat(ViewEndpoint.token("token=cvt_x")).isEqualTo("cvt_x");
        assertThat(ViewEndpoint.token("utm_source=mail&token=cvt%5Fx&utm_source=x"))
                .isEqualTo("cvt_x");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "token",
                "token=",
                "tok=x",
                "token=a&token=b",
                "token=a&token=a",
                "token=%",
                "token=%00",
                "token=%FF"
            })
    void queryWithoutExactlyOneTokenHasNone(String query) {
        assertThat(ViewEndpoint.token(query)).isNull();
    }
}
