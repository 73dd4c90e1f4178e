-- A directory of users, for a service that has none of its own. Contacts are compared by their SHA-256.

CREATE TABLE IF NOT EXISTS agent_auth_user (
    id          varchar(64) PRIMARY KEY,
    active      boolean     NOT NULL,
    email       varchar,
    phone       varchar,
    email_key   binary(32),
    phone_key   binary(32)
);

CREATE UNIQUE INDEX IF NOT EXISTS agent_auth_user_email ON agent_auth_user (email_key);
CREATE UNIQUE INDEX IF NOT EXISTS agent_auth_user_phone ON agent_auth_user (phone_key);
