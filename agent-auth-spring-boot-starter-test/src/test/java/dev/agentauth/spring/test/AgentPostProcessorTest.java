package dev.agentauth.spring.test;

import static dev.agentauth.spring.test.AgentAuthRequestPostProcessors.agent;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.MockMvc;

/** What else is true of agents in MockMvc, beside what {@link NotesApiTest} shows. */
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureAgentAuth
class AgentPostProcessorTest {
    @Autowired
    private MockMvc mvc;

    @Test
    void agentThatMayWriteNeedsNoCsrfToken() throws Exception {
        mvc.perform(post("/api/notes").with(agent("notes.read", "notes.write").ownedBy("ada")))
                .andExpect(status().isOk())
                .andExpect(content().string("noted for ada"));
    }

    @Test
    void oneWithoutATokenIsToldWhereToGetOne() throws Exception {
        mvc.perform(get("/api/notes"))
                .andExpect(status().isUnauthorized())
                .andExpect(header().string("WWW-Authenticate", Matchers.containsString("resource_metadata")));
    }
}
