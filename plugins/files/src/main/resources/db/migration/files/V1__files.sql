-- lineage: JSON that says which files it was made of and how; null for a file that was brought.
CREATE TABLE file_entry (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  filename VARCHAR(255) NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  bytes BIGINT NOT NULL,
  digest VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT,
  lineage ${text}
);
CREATE INDEX file_entry_created ON file_entry (project, created, id);
CREATE INDEX file_entry_expires ON file_entry (expires);

-- status: pending, completed or cancelled; pending ones that are past expires are expired.
-- lifetime: seconds that the file is kept; null for ever.
CREATE TABLE upload (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  filename VARCHAR(255) NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  bytes BIGINT NOT NULL,
  status VARCHAR(16) NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  lifetime BIGINT,
  entry VARCHAR(64)
);
CREATE INDEX upload_expires ON upload (expires);

CREATE TABLE upload_part (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  upload VARCHAR(64) NOT NULL,
  bytes BIGINT NOT NULL,
  created BIGINT NOT NULL,
  FOREIGN KEY (upload) REFERENCES upload (id) ON DELETE CASCADE
);
