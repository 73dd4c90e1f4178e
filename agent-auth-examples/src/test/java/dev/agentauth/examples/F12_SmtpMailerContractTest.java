package dev.agentauth.examples;

import dev.agentauth.spi.ClaimMailer;
import java.time.InstantSource;

class F12_SmtpMailerContractTest extends SmtpContract {
    @Override
    protected ClaimMailer mailerOver(int port) {
        return new SmtpMailer(
                new DemoConfig.SmtpServer("127.0.0.1", port), "agent-auth@localhost", InstantSource.system());
    }
}
