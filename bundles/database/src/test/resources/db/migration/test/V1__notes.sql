CREATE TABLE note (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  words ${text} NOT NULL,
  picture ${bytes}
);
