CREATE TABLE visit (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  story ${text} NOT NULL
);
