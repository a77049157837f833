-- As evaluation_run. report: null until the test files have been measured. preset: id of the one that was saved.
CREATE TABLE mixture_search (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  project VARCHAR(64) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  status VARCHAR(20) NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT,
  holder VARCHAR(64),
  lease BIGINT NOT NULL,
  preset VARCHAR(64),
  caller ${text} NOT NULL,
  request ${text} NOT NULL,
  report ${text},
  error ${text}
);
CREATE INDEX mixture_search_project ON mixture_search (project, created, id);
CREATE INDEX mixture_search_status ON mixture_search (status);

-- weights: by adapter, just as they were used. loss: mean negative log probability of the right choice.
CREATE TABLE mixture_trial (
  search VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  weights ${text} NOT NULL,
  correct INTEGER NOT NULL,
  total INTEGER NOT NULL,
  loss DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (search, number),
  FOREIGN KEY (search) REFERENCES mixture_search (id) ON DELETE CASCADE
);
