-- One row: whoever takes a job changes it first, so that jobs are taken one after the other on all agents.
CREATE TABLE training_turn (
  id INTEGER NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO training_turn (id, number) VALUES (1, 0);

-- Times are milliseconds since 1970. events counts what was entered in training_event. epoch counts how often the job was
-- taken; holder and lease say by whom now, and until when. swept: 1 when nothing of an ended job is left in the object store.
-- told: 1 when it was said that no trainer is there for it.
CREATE TABLE training_job (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  model VARCHAR(256) NOT NULL,
  status VARCHAR(20) NOT NULL,
  wish VARCHAR(10) NOT NULL,
  priority INTEGER NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT,
  not_before BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  events BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  holder VARCHAR(64),
  lease BIGINT NOT NULL,
  swept INTEGER NOT NULL,
  told INTEGER NOT NULL,
  request ${text} NOT NULL,
  facts ${text} NOT NULL
);
CREATE INDEX training_job_project ON training_job (project, created, id);
CREATE INDEX training_job_status ON training_job (status, swept);

-- step: of the figures in data; null for a message.
CREATE TABLE training_event (
  job VARCHAR(64) NOT NULL,
  number BIGINT NOT NULL,
  id VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  level VARCHAR(8) NOT NULL,
  message VARCHAR(2000) NOT NULL,
  step INTEGER,
  data ${text} NOT NULL,
  PRIMARY KEY (job, number),
  FOREIGN KEY (job) REFERENCES training_job (id) ON DELETE CASCADE
);

-- prefix: where the object store holds its files until the job has ended.
CREATE TABLE training_checkpoint (
  job VARCHAR(64) NOT NULL,
  step INTEGER NOT NULL,
  id VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  adapter VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  prefix VARCHAR(512) NOT NULL,
  metrics ${text} NOT NULL,
  PRIMARY KEY (job, step),
  FOREIGN KEY (job) REFERENCES training_job (id) ON DELETE CASCADE
);
