-- A directory of users, for a service that has none of its own. Contacts are compared by their SHA-256.

CREATE TABLE IF NOT EXISTS agent_auth_user (
    id          varchar(64) PRIMARY KEY,
    active      boolean     NOT NULL,
    email       text,
    phone       text,
    email_key   binary(32),
    phone_key   binary(32),
    UNIQUE KEY agent_auth_user_email (email_key),
    UNIQUE KEY agent_auth_user_phone (phone_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
