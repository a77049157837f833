-- Keys, without their secrets.
CREATE TABLE api_key (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  name VARCHAR(512) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  project VARCHAR(64),
  scope_json ${text} NOT NULL,
  redacted VARCHAR(40) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at BIGINT
);
CREATE INDEX api_key_by_owner ON api_key (owner);
CREATE INDEX api_key_by_project ON api_key (project);

-- What opens a key: one secret, or several while a rotation's overlap lasts. Keyed hashes only.
CREATE TABLE api_key_secret (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  key_id VARCHAR(40) NOT NULL,
  ends_at BIGINT,
  CONSTRAINT api_key_secret_key FOREIGN KEY (key_id) REFERENCES api_key (id) ON DELETE CASCADE
);

-- Argon2id with its parameters and salt, as a PHC string.
CREATE TABLE password_hash (
  principal VARCHAR(64) NOT NULL PRIMARY KEY,
  hash VARCHAR(256) NOT NULL,
  changed_at BIGINT NOT NULL
);

-- Signed-in browsers. The role is the one at sign-in: when it changes, the session ends.
CREATE TABLE browser_session (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  principal VARCHAR(64) NOT NULL,
  organization_role VARCHAR(16) NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX browser_session_by_principal ON browser_session (principal);
