-- The stores of agent-auth. Secrets are here as SHA-256 only. Times are microseconds since 1970-01-01T00:00:00Z, so that no
-- session's time zone can change them. What has to be compared exactly is compared by its SHA-256, whatever the collation.

CREATE TABLE agent_auth_registration (
    id                  varchar(64) PRIMARY KEY,
    kind                varchar(16) NOT NULL,
    created_at          bigint      NOT NULL,
    -- What compare-and-set compares, and who wrote it: a writer whose connection broke sees by it whether it got through.
    version             bigint      NOT NULL,
    write_mark          bigint      NOT NULL,
    epoch               bigint      NOT NULL,
    user_id             text,
    claimed_at          bigint,
    claim_token         binary(32),
    claim_expires_at    bigint,
    claim_recipient     text,
    claim_wrong_guesses integer,
    -- 32 bytes for each address whose owner said no.
    claim_refusals      blob,
    attempt_id          varchar(64),
    attempt_token       binary(32),
    attempt_started_at  bigint,
    attempt_expires_at  bigint,
    attempt_mailed      boolean,
    code_hash           binary(32),
    code_expires_at     bigint,
    code_wrong_guesses  integer,
    provider_issuer     text,
    provider_tenant     text,
    provider_subject    text,
    provider_audience   text,
    provider_first_iat  bigint,
    provider_newest_iat bigint,
    step_up_user_id     text,
    revoked_at          bigint,
    -- The provider identity while this registration occupies it: at most one does.
    live_key            binary(32),
    -- The owner, or the user whom a step-up waits for.
    user_key            binary(32),
    -- Issuer, subject and audience: the provider identity in whatever tenant.
    subject_key         binary(32),
    -- Since when a purge may look at it: the one until it is claimed or revoked, the other from then on.
    unsettled_since     bigint,
    settled_since       bigint
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE UNIQUE INDEX agent_auth_registration_live ON agent_auth_registration (live_key);
CREATE INDEX agent_auth_registration_claim ON agent_auth_registration (claim_token);
CREATE INDEX agent_auth_registration_attempt ON agent_auth_registration (attempt_token);
CREATE INDEX agent_auth_registration_user ON agent_auth_registration (user_key);
CREATE INDEX agent_auth_registration_subject ON agent_auth_registration (subject_key);
CREATE INDEX agent_auth_registration_unsettled ON agent_auth_registration (unsettled_since);
CREATE INDEX agent_auth_registration_settled ON agent_auth_registration (settled_since);

CREATE TABLE agent_auth_access_token (
    token_hash      binary(32)       PRIMARY KEY,
    registration_id varchar(64) NOT NULL,
    epoch           bigint      NOT NULL,
    -- Scopes divided by spaces; NULL if the token was never narrowed.
    ceiling         text,
    expires_at      bigint      NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX agent_auth_access_token_expiry ON agent_auth_access_token (expires_at);

CREATE TABLE agent_auth_replay (
    jwt_key      binary(32)  PRIMARY KEY,
    write_mark   bigint NOT NULL,
    needed_until bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX agent_auth_replay_expiry ON agent_auth_replay (needed_until);

CREATE TABLE agent_auth_logout_mark (
    subject_key  binary(32)  PRIMARY KEY,
    issued_at    bigint NOT NULL,
    needed_until bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX agent_auth_logout_mark_expiry ON agent_auth_logout_mark (needed_until);
