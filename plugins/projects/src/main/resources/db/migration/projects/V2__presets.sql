-- Named configurations. A version never changes.
CREATE TABLE presets (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    project_id VARCHAR(64) NOT NULL REFERENCES projects (id),
    owner_id VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    visibility VARCHAR(16) NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE preset_versions (
    preset_id VARCHAR(64) NOT NULL REFERENCES presets (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    base VARCHAR(256) NOT NULL,
    document ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (preset_id, version)
);
