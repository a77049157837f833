-- One row a project: whoever changes its leases changes this row first, and so has it to himself until the commit.
CREATE TABLE budget_account (
    project VARCHAR(64) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- Tokens that an agent may hand out, those at work included. Never less than what it holds.
CREATE TABLE budget_lease (
    project VARCHAR(64) NOT NULL,
    holder VARCHAR(128) NOT NULL,
    period_start BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    renewed BIGINT NOT NULL,
    PRIMARY KEY (project, holder)
);

-- A policy that is deleted keeps its row and its versions: the audit log names them.
-- The slot is scope and name while the policy is there, and its id afterwards, so that names are unique among those there are.
CREATE TABLE content_policy (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    slot VARCHAR(160) NOT NULL UNIQUE,
    project VARCHAR(64),
    name VARCHAR(64) NOT NULL,
    latest INTEGER NOT NULL,
    created BIGINT NOT NULL,
    deleted BOOLEAN NOT NULL
);

CREATE TABLE content_policy_version (
    policy VARCHAR(64) NOT NULL REFERENCES content_policy (id),
    version INTEGER NOT NULL,
    definition ${text} NOT NULL,
    created BIGINT NOT NULL,
    created_by VARCHAR(64) NOT NULL,
    PRIMARY KEY (policy, version)
);
