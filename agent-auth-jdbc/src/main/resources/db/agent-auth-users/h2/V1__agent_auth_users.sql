-- A directory of users, for a service that has none of its own. Contacts are compared by their SHA-256.

CREATE TABLE agent_auth_user (
    id          varchar(64) PRIMARY KEY,
    active      boolean     NOT NULL,
    email       varchar,
    email_proof varchar(16) NOT NULL,
    phone       varchar,
    -- What the user was made for; NULL once that is forgotten.
    made_for    binary(32),
    email_key   binary(32),
    phone_key   binary(32)
);

CREATE UNIQUE INDEX agent_auth_user_made_for ON agent_auth_user (made_for);
CREATE UNIQUE INDEX agent_auth_user_email ON agent_auth_user (email_key);
CREATE UNIQUE INDEX agent_auth_user_phone ON agent_auth_user (phone_key);
