package dev.agentauth.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpHeaders.AUTHORIZATION;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import dev.agentauth.AgentAuth;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.MovableClock;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;

/** The protocol itself, through MockMvc. */
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureAgentAuth
class WholeFlowTest {
    private static final Pattern REVEAL = Pattern.compile("<form[^>]* action=\"([^\"]*/reveal)\"");
    private static final Pattern CODE = Pattern.compile("(?<![\\w-])([0-9](?:\\s*[0-9]){5})(?![\\w-])");

    @Autowired
    private MockMvc mvc;

    @Autowired
    private MovableClock clock;

    @Autowired
    private FakeProvider provider;

    @Autowired
    private ClaimMails mails;

    @Autowired
    private AgentAuth auth;

    @Test
    void documentsAreThere() throws Exception {
        mvc.perform(get("/auth.md")).andExpect(status().isOk());
        String metadata = answer(get("/.well-known/oauth-protected-resource/api/"));
        assertThat(JsonPath.<String>read(metadata, "$.resource")).isEqualTo("https://notes.example/api/");
    }

    // begin: TestingTheClock
    @Test
    void tokenEndsWithItsTime() throws Exception {
        String token = token(register("{\"type\":\"anonymous\"}"));
        mvc.perform(get("/api/notes").header(AUTHORIZATION, "Bearer " + token)).andExpect(status().isOk());

        clock.advance(Duration.ofHours(1));

        mvc.perform(get("/api/notes").header(AUTHORIZATION, "Bearer " + token)).andExpect(status().isUnauthorized());
    }
    // end: TestingTheClock

    // begin: TestingTheProvider
    @Test
    void agentOfANewPersonActsForThatPersonAtOnce() throws Exception {
        String idJag = provider.idJag("https://notes.example")
                .subject("person-7")
                .email("grace@example.com")
                .compact();

        String token = token(register("{\"type\":\"identity_assertion\",\"assertion\":\"" + idJag + "\"}"));

        mvc.perform(post("/api/notes").header(AUTHORIZATION, "Bearer " + token)).andExpect(status().isOk());
    }
    // end: TestingTheProvider

    // begin: TestingTheClaim
    @Test
    void claimedAgentMayWriteForItsPerson() throws Exception {
        String registered = register("{\"type\":\"anonymous\"}");
        String token = token(registered);
        String claimToken = JsonPath.read(registered, "$.claim_token");
        mvc.perform(post("/api/notes").header(AUTHORIZATION, "Bearer " + token)).andExpect(status().isForbidden());

        json("/agent/identity/claim", Map.of("claim_token", claimToken, "email", "ada@example.com"));
        String code = personShowsTheCode(mails.newestTo("ada@example.com").link());
        json("/agent/identity/claim/complete", Map.of("claim_token", claimToken, "otp", code));

        mvc.perform(post("/api/notes").header(AUTHORIZATION, "Bearer " + token))
                .andExpect(content().string("noted for ada"));
    }
    // end: TestingTheClaim

    @Test
    void agentThatWasRevokedIsOut() throws Exception {
        String registered = register("{\"type\":\"anonymous\"}");
        String token = token(registered);
        assertThat(auth.revokeRegistration(JsonPath.read(registered, "$.registration_id")))
                .isTrue();

        mvc.perform(get("/api/notes").header(AUTHORIZATION, "Bearer " + token)).andExpect(status().isUnauthorized());
    }

    @Test
    void nobodyIsLimited() throws Exception {
        for (int i = 0; i < 100; i++) {
            register("{\"type\":\"anonymous\"}");
        }
    }

    // begin: TestingByHand
    private String register(String body) throws Exception {
        return answer(
                post("/agent/identity").contentType(MediaType.APPLICATION_JSON).content(body));
    }

    private String token(String registered) throws Exception {
        String assertion = JsonPath.read(registered, "$.identity_assertion");
        return JsonPath.read(
                answer(post("/oauth2/token")
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .content("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + assertion)),
                "$.access_token");
    }
    // end: TestingByHand

    private void json(String path, Map<String, String> members) throws Exception {
        String body = members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":\"" + member.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        answer(post(path).contentType(MediaType.APPLICATION_JSON).content(body));
    }

    /** Opens the link, and presses the button. */
    private String personShowsTheCode(String link) throws Exception {
        URI uri = URI.create(link);
        String token = uri.getQuery().substring("token=".length());
        String page = answer(get(uri.getPath()).queryParam("token", token));
        String reveal = uri.resolve(first(REVEAL, page)).getPath();
        return first(
                        CODE,
                        answer(post(reveal)
                                .header("Origin", "https://notes.example")
                                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                                .content("token=" + URLEncoder.encode(token, StandardCharsets.UTF_8))))
                .replaceAll("\\s", "");
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    private String answer(org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder request)
            throws Exception {
        return mvc.perform(request)
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
    }
}
