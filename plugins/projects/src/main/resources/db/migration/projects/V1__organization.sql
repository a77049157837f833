-- Who belongs to what. Times are milliseconds since 1970; roles are lower-case words.

-- One row a subject. Who changes the subject adds one to its revision first and so waits for all others who do.
CREATE TABLE project_revisions (
    subject VARCHAR(32) NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO project_revisions (subject, revision) VALUES ('organization', 1);
INSERT INTO project_revisions (subject, revision) VALUES ('presets', 1);

CREATE TABLE users (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    email VARCHAR(254) NOT NULL UNIQUE,
    name VARCHAR(256) NOT NULL,
    role VARCHAR(16) NOT NULL,
    added BIGINT NOT NULL
);

-- What a person's identity provider said at his last sign-in, as far as a group here bears that name.
CREATE TABLE user_provider_groups (
    user_id VARCHAR(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_name VARCHAR(256) NOT NULL,
    PRIMARY KEY (user_id, group_name)
);

CREATE TABLE user_groups (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    name VARCHAR(256) NOT NULL UNIQUE,
    role VARCHAR(16) NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE user_group_members (
    group_id VARCHAR(64) NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id VARCHAR(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);

CREATE TABLE projects (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    name VARCHAR(256) NOT NULL,
    created BIGINT NOT NULL,
    archived BIGINT,
    settings ${text}
);
INSERT INTO projects (id, name, created) VALUES ('proj_default', 'Default project', 0);

CREATE TABLE project_members (
    project_id VARCHAR(64) NOT NULL REFERENCES projects (id),
    user_id VARCHAR(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role VARCHAR(16) NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

CREATE TABLE project_groups (
    project_id VARCHAR(64) NOT NULL REFERENCES projects (id),
    group_id VARCHAR(64) NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    role VARCHAR(16) NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (project_id, group_id)
);

CREATE TABLE service_accounts (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    project_id VARCHAR(64) NOT NULL REFERENCES projects (id),
    name VARCHAR(256) NOT NULL,
    role VARCHAR(16) NOT NULL,
    created BIGINT NOT NULL
);

-- The secret part of an invitation's link is stored as its SHA-256.
CREATE TABLE invitations (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    email VARCHAR(254) NOT NULL,
    role VARCHAR(16) NOT NULL,
    digest VARCHAR(64) NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    accepted BIGINT
);

CREATE TABLE invitation_projects (
    invitation_id VARCHAR(64) NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    project_id VARCHAR(64) NOT NULL REFERENCES projects (id),
    role VARCHAR(16) NOT NULL,
    PRIMARY KEY (invitation_id, project_id)
);
