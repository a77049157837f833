-- Times are milliseconds since 1970.
CREATE TABLE evaluation (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  name VARCHAR(256) NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  document ${text} NOT NULL
);
CREATE INDEX evaluation_project ON evaluation (project, created, id);

-- caller: who asked for it, and what his key allows. holder: who works on it, until the lease ends.
-- adapter: digest of the one adapter that answered; null for a base model and for a mixture.
CREATE TABLE evaluation_run (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  evaluation VARCHAR(64) NOT NULL,
  name VARCHAR(256) NOT NULL,
  status VARCHAR(20) NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT,
  holder VARCHAR(64),
  lease BIGINT NOT NULL,
  adapter VARCHAR(64),
  caller ${text} NOT NULL,
  request ${text} NOT NULL,
  tally ${text} NOT NULL,
  error ${text},
  FOREIGN KEY (evaluation) REFERENCES evaluation (id) ON DELETE CASCADE
);
CREATE INDEX evaluation_run_evaluation ON evaluation_run (evaluation, created, id);
CREATE INDEX evaluation_run_status ON evaluation_run (status);
CREATE INDEX evaluation_run_adapter ON evaluation_run (adapter);

-- Rows and answers themselves lie in the object store, under the run and the number.
CREATE TABLE evaluation_item (
  run VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  id VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  status VARCHAR(10) NOT NULL,
  results ${text} NOT NULL,
  PRIMARY KEY (run, number),
  FOREIGN KEY (run) REFERENCES evaluation_run (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX evaluation_item_id ON evaluation_item (id);
