-- Who belongs to the network. Times are milliseconds since 1970; certificates and sealed secrets are Base64.

-- One row, so that all controllers that share the database share the authority. Its chain is empty when it is the root.
CREATE TABLE network_authority (
    id SMALLINT NOT NULL PRIMARY KEY,
    root VARCHAR(4000) NOT NULL,
    chain VARCHAR(16000) NOT NULL,
    sealed_key VARCHAR(1000) NOT NULL,
    issued BIGINT NOT NULL
);

-- Lets one agent in, once. The secret is sealed, not hashed: both sides prove with it that they know it.
CREATE TABLE network_tokens (
    id VARCHAR(24) NOT NULL PRIMARY KEY,
    sealed_secret VARCHAR(200) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    tenant VARCHAR(63) NOT NULL,
    agent_name VARCHAR(63),
    creator VARCHAR(256) NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    used_by VARCHAR(127),
    revoked BIGINT
);

CREATE TABLE network_agents (
    name VARCHAR(63) NOT NULL PRIMARY KEY,
    tenant VARCHAR(63) NOT NULL,
    joined BIGINT NOT NULL,
    renewed BIGINT NOT NULL,
    revoked BIGINT
);

-- Every certificate that was issued, until it ends; those that were revoked, for good.
CREATE TABLE network_certificates (
    serial VARCHAR(40) NOT NULL PRIMARY KEY,
    agent_name VARCHAR(63) NOT NULL,
    key_digest VARCHAR(64) NOT NULL,
    issued BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX network_certificates_of_agent ON network_certificates (agent_name);
CREATE INDEX network_certificates_of_key ON network_certificates (key_digest);

-- What controllers of other regions have said of certificates that their own authorities issued.
CREATE TABLE network_foreign_revocations (
    serial VARCHAR(40) NOT NULL PRIMARY KEY,
    teller VARCHAR(127) NOT NULL,
    told BIGINT NOT NULL
);

-- The controllers that share this database, as long as they say so again and again.
CREATE TABLE network_controllers (
    name VARCHAR(63) NOT NULL PRIMARY KEY,
    broker VARCHAR(500) NOT NULL,
    heard BIGINT NOT NULL
);
