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

// begin: TestingWithAgents
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureAgentAuth
class NotesApiTest {
    @Autowired
    private MockMvc mvc;

    @Test
    void agentReadsItsPersonsNotes() throws Exception {
        mvc.perform(get("/api/notes").with(agent("notes.read").ownedBy("ada")))
                .andExpect(status().isOk())
                .andExpect(content().string("notes of ada"));
    }

    @Test
    void agentThatMayNotWriteIsToldSo() throws Exception {
        mvc.perform(post("/api/notes").with(agent("notes.read")))
                .andExpect(status().isForbidden())
                .andExpect(header().string("WWW-Authenticate", Matchers.containsString("insufficient_scope")));
    }
}
// end: TestingWithAgents
