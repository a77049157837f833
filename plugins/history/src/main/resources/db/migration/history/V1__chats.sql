-- The key that a project's chats are encrypted under, itself encrypted under the master key, which is not in the database.
CREATE TABLE chat_key (
  project VARCHAR(64) NOT NULL PRIMARY KEY,
  wrapped ${bytes} NOT NULL
);

-- expires: by the project's retention when the chat was saved; null where there was none.
CREATE TABLE chat (
  project VARCHAR(64) NOT NULL,
  id VARCHAR(128) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  model VARCHAR(256) NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT,
  metadata ${bytes} NOT NULL,
  request ${bytes} NOT NULL,
  completion ${bytes} NOT NULL,
  PRIMARY KEY (project, id)
);
CREATE INDEX chat_created ON chat (project, created, id);
CREATE INDEX chat_owner ON chat (project, owner, created);
CREATE INDEX chat_expires ON chat (expires);

-- A keyed hash of each pair of metadata, by which chats are found without it.
CREATE TABLE chat_label (
  project VARCHAR(64) NOT NULL,
  chat VARCHAR(128) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  PRIMARY KEY (project, digest, chat),
  FOREIGN KEY (project, chat) REFERENCES chat (project, id) ON DELETE CASCADE
);
