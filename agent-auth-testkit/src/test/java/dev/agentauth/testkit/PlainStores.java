package dev.agentauth.testkit;

import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserOrigins;

/** The plainest bundle that is right, for a defect to change in one point. */
class PlainStores implements Stores {
    PlainRegistrationStore registrations = new PlainRegistrationStore();
    PlainTokenStore tokens = new PlainTokenStore();
    PlainReplayStore replay = new PlainReplayStore();
    PlainLogoutMarks logoutMarks = new PlainLogoutMarks();
    final PlainUserOrigins userOrigins = new PlainUserOrigins();
    private final String issuer;

    PlainStores(String issuer) {
        this.issuer = issuer;
    }

    /** Those of another service on the same backend. */
    PlainStores neighbour(String other) {
        return new PlainStores(other);
    }

    /** Takes all parts away together. */
    final Outage outage() {
        return new Outage() {
            @Override
            public void begin() {
                registrations.backend.begin();
                tokens.backend.begin();
            }

            @Override
            public void end() {
                registrations.backend.end();
                tokens.backend.end();
            }
        };
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public void checkWritable() {
        registrations.backend.check();
        tokens.backend.check();
    }

    @Override
    public RegistrationStore registrations() {
        return registrations;
    }

    @Override
    public TokenStore tokens() {
        return tokens;
    }

    @Override
    public ReplayStore replay() {
        return replay;
    }

    @Override
    public LogoutMarks logoutMarks() {
        return logoutMarks;
    }

    @Override
    public UserOrigins userOrigins() {
        return userOrigins;
    }
}
