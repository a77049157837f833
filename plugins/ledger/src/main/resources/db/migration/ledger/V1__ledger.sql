-- The audit log. The entry itself is the JSON text; the columns beside it repeat what it is searched by.
CREATE TABLE audit_entry (
  chain VARCHAR(40) NOT NULL,
  seq BIGINT NOT NULL,
  id VARCHAR(40) NOT NULL,
  effective_at BIGINT NOT NULL,
  standard SMALLINT NOT NULL,
  event_type VARCHAR(100) NOT NULL,
  project VARCHAR(100),
  actor VARCHAR(200) NOT NULL,
  api_key VARCHAR(100),
  target VARCHAR(200),
  entry ${text} NOT NULL,
  previous VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (chain, seq)
);
CREATE UNIQUE INDEX audit_entry_id ON audit_entry (id);
CREATE INDEX audit_entry_newest ON audit_entry (effective_at DESC, chain DESC, seq DESC);
CREATE INDEX audit_entry_standard ON audit_entry (standard, effective_at DESC, chain DESC, seq DESC);

-- What was said, sealed. May be deleted at any time: the entry holds only a salted digest of it.
CREATE TABLE audit_transcript (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  effective_at BIGINT NOT NULL,
  sealed ${text} NOT NULL
);
CREATE INDEX audit_transcript_age ON audit_transcript (effective_at);

-- Use by the minute. Every agent counts in rows of its own; an account is the digest of the columns that follow it.
CREATE TABLE usage_minute (
  counted_minute BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  chain VARCHAR(40) NOT NULL,
  endpoint VARCHAR(40) NOT NULL,
  project VARCHAR(100) NOT NULL,
  principal VARCHAR(200) NOT NULL,
  api_key VARCHAR(100),
  model VARCHAR(200) NOT NULL,
  adapters VARCHAR(2000) NOT NULL,
  requests BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  cached_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  audio_millis BIGINT NOT NULL,
  PRIMARY KEY (counted_minute, account, chain)
);
CREATE INDEX usage_minute_project ON usage_minute (project, counted_minute);
