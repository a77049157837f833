-- Times are milliseconds since 1970. turn: whoever brings a search forward changes it first, so that one agent does at a time.
-- best: number of a trial. cleaned: 1 when no trial of an ended search runs, and the adapters of the others are gone.
CREATE TABLE training_search (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  status VARCHAR(20) NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT,
  best INTEGER,
  turn BIGINT NOT NULL,
  cleaned INTEGER NOT NULL,
  request ${text} NOT NULL
);
CREATE INDEX training_search_project ON training_search (project, created, id);
CREATE INDEX training_search_status ON training_search (status, cleaned);

-- loss: null while there is none. looked: how many evaluations have been compared with those of other trials.
CREATE TABLE training_trial (
  search VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  job VARCHAR(64) NOT NULL,
  values_json ${text} NOT NULL,
  state VARCHAR(10) NOT NULL,
  loss DOUBLE PRECISION,
  looked INTEGER NOT NULL,
  PRIMARY KEY (search, number),
  FOREIGN KEY (search) REFERENCES training_search (id) ON DELETE CASCADE
);
