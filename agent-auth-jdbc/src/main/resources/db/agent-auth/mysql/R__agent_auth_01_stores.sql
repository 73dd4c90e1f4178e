-- The stores of agent-auth. Secrets are here as SHA-256 only. Times are microseconds since 1970-01-01T00:00:00Z, so that no
-- session's time zone can change them. What has to be compared exactly is compared by its SHA-256, whatever the collation.

-- One row for each service that has ever revoked everything. What is of an older generation ended then.
CREATE TABLE IF NOT EXISTS agent_auth_service (
    service_key binary(32) PRIMARY KEY,
    generation  bigint NOT NULL,
    revoked_at  bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agent_auth_registration (
    -- Whose row it is: the SHA-256 of the issuer. One service looks up, changes and purges nothing of another.
    service_key         binary(32) NOT NULL,
    id                  varchar(64) NOT NULL,
    kind                varchar(16) NOT NULL,
    created_at          bigint      NOT NULL,
    -- What compare-and-set compares, and who wrote it: a writer whose connection broke sees by it whether it got through.
    version             bigint      NOT NULL,
    write_mark          bigint      NOT NULL,
    epoch               bigint      NOT NULL,
    -- How often everything had been revoked when it was made, or NULL as soon as it has ended.
    generation          bigint,
    user_id             text,
    claimed_at          bigint,
    claim_token         binary(32),
    claim_expires_at    bigint,
    claim_wrong_guesses integer,
    -- 32 bytes for each address that was asked, and for each whose owner said no.
    claim_recipients    blob,
    claim_refusals      blob,
    attempt_id          varchar(64),
    attempt_token       binary(32),
    attempt_address     text,
    -- The one user who is asked, where it is one.
    attempt_user_id     text,
    attempt_started_at  bigint,
    attempt_expires_at  bigint,
    attempt_delivery    varchar(16),
    code_hash           binary(32),
    code_expires_at     bigint,
    code_wrong_guesses  integer,
    -- Which attempt the ten columns below are of. They count only where it is the one that the row has now: a release that
    -- does not know them leaves them as they are.
    detail_attempt_id   varchar(64),
    attempt_way         varchar(16),
    -- The user whom the page showed the code to, where the page knew who that was.
    code_revealed_by    text,
    -- When it was shown, and what its digits follow from together with the token in the link, which is not here.
    code_shown_at       bigint,
    code_seed           varchar(64),
    typed_hash          binary(32),
    typed_wrong_guesses integer,
    poll_pending_at     bigint,
    poll_interval_s     integer,
    poll_raised         boolean,
    claim_completion    varchar(16),
    -- What the owner calls the agent.
    owner_label         text,
    provider_issuer     text,
    provider_tenant     text,
    provider_subject    text,
    provider_audience   text,
    provider_first_iat  bigint,
    provider_newest_iat bigint,
    -- Refresh tokens: what they have in common, 32 bytes for each that is out, the one that these were given for. In another
    -- epoch than the row's they are dead.
    refresh_name        binary(32),
    refresh_out         blob,
    refresh_spent       binary(32),
    refresh_spent_at    bigint,
    refresh_expires_at  bigint,
    refresh_epoch       bigint,
    revoked_at          bigint,
    end_reason          varchar(16),
    -- The provider identity while this registration occupies it: at most one does.
    live_key            binary(32),
    -- The owner, or the user whom a step-up waits for.
    user_key            binary(32),
    -- The address that is asked, while nobody has said yes and it is not over.
    recipient_key       binary(32),
    -- Issuer, subject and audience: the provider identity in whatever tenant, while it is not revoked.
    subject_key         binary(32),
    -- Since when a purge may look at it: the one until it is claimed or revoked, the other from then on.
    unsettled_since     bigint,
    settled_since       bigint,
    PRIMARY KEY (service_key, id),
    UNIQUE KEY agent_auth_registration_live (service_key, live_key),
    KEY agent_auth_registration_claim (service_key, claim_token),
    KEY agent_auth_registration_attempt (service_key, attempt_token),
    KEY agent_auth_registration_generation (service_key, generation),
    KEY agent_auth_registration_created (service_key, created_at, id),
    KEY agent_auth_registration_user (service_key, user_key),
    KEY agent_auth_registration_recipient (service_key, recipient_key),
    KEY agent_auth_registration_subject (service_key, subject_key),
    KEY agent_auth_registration_unsettled (service_key, unsettled_since),
    KEY agent_auth_registration_settled (service_key, settled_since)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agent_auth_access_token (
    service_key     binary(32) NOT NULL,
    token_hash      binary(32) NOT NULL,
    registration_id varchar(64) NOT NULL,
    epoch           bigint      NOT NULL,
    -- Scopes divided by spaces, or NULL if the token was never narrowed.
    ceiling         text,
    expires_at      bigint      NOT NULL,
    -- Which of a registration's tokens came first: microseconds, never the same twice from one replica.
    issue_order     bigint      NOT NULL,
    PRIMARY KEY (service_key, token_hash),
    KEY agent_auth_access_token_order (service_key, registration_id, issue_order),
    KEY agent_auth_access_token_expiry (service_key, expires_at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agent_auth_replay (
    service_key  binary(32) NOT NULL,
    jwt_key      binary(32) NOT NULL,
    write_mark   bigint NOT NULL,
    needed_until bigint NOT NULL,
    PRIMARY KEY (service_key, jwt_key),
    KEY agent_auth_replay_expiry (service_key, needed_until)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS agent_auth_logout_mark (
    service_key  binary(32) NOT NULL,
    subject_key  binary(32) NOT NULL,
    issued_at    bigint NOT NULL,
    needed_until bigint NOT NULL,
    PRIMARY KEY (service_key, subject_key),
    KEY agent_auth_logout_mark_expiry (service_key, needed_until)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a look at the health writes. It has one row.
CREATE TABLE IF NOT EXISTS agent_auth_probe (
    id         integer PRIMARY KEY,
    write_mark bigint  NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Users who were made on a provider's word. A row is a reservation until there is a user in it.
CREATE TABLE IF NOT EXISTS agent_auth_user_origin (
    id             varchar(64) PRIMARY KEY,
    -- Whose row it is. The keys below are keys of that service alone.
    service_key    binary(32) NOT NULL,
    -- The provider identity while it yields the user, or NULL as soon as that is forgotten.
    origin_key     binary(32),
    -- The address that is reserved with it, or NULL as soon as the user is made.
    address_key    binary(32),
    reserved_until bigint NOT NULL,
    user_id        text,
    user_key       binary(32),
    UNIQUE KEY agent_auth_user_origin_key (origin_key),
    UNIQUE KEY agent_auth_user_origin_user (user_key),
    KEY agent_auth_user_origin_address (address_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
