-- Plugins that are ready to be deployed; their jars lie in the object store under plugins/<digest>.jar.
CREATE TABLE published_plugins (
    digest VARCHAR(64) NOT NULL PRIMARY KEY,
    plugin VARCHAR(128) NOT NULL,
    version VARCHAR(128) NOT NULL,
    signer VARCHAR(64) NOT NULL,
    signer_name VARCHAR(256) NOT NULL,
    bytes BIGINT NOT NULL,
    published BIGINT NOT NULL,
    UNIQUE (plugin, version)
);

-- What is wanted: the revision that holds, of each deployment.
CREATE TABLE deployments (
    name VARCHAR(63) NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    removed BOOLEAN NOT NULL
);

-- A revision's content never changes, only what came of it.
CREATE TABLE deployment_revisions (
    deployment VARCHAR(63) NOT NULL REFERENCES deployments (name) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    document ${text} NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    reason VARCHAR(2000) NOT NULL,
    copied_from INTEGER NOT NULL,
    automatic BOOLEAN NOT NULL,
    author VARCHAR(256) NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (deployment, revision)
);

-- The jars that a revision was resolved to.
CREATE TABLE deployment_pins (
    deployment VARCHAR(63) NOT NULL,
    revision INTEGER NOT NULL,
    plugin VARCHAR(128) NOT NULL,
    version VARCHAR(128) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    PRIMARY KEY (deployment, revision, plugin),
    FOREIGN KEY (deployment, revision) REFERENCES deployment_revisions (deployment, revision) ON DELETE CASCADE
);

-- What is known of each agent: one version of a plugin at most, whatever the deployment.
CREATE TABLE deployment_instances (
    plugin VARCHAR(128) NOT NULL,
    agent VARCHAR(128) NOT NULL,
    deployment VARCHAR(63) NOT NULL REFERENCES deployments (name),
    revision INTEGER NOT NULL,
    specification VARCHAR(64) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    memory_mib BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    reason VARCHAR(2000) NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (plugin, agent)
);

-- What the controllers on this database call themselves, one row.
CREATE TABLE deployer_identity (
    id VARCHAR(36) NOT NULL PRIMARY KEY
);
