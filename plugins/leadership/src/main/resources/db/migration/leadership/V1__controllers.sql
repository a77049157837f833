-- The controllers that vote. Every change of them takes the next version.
CREATE TABLE leadership_controllers (
    name VARCHAR(63) NOT NULL PRIMARY KEY,
    registered BIGINT NOT NULL
);

-- One row: the version of the table above, and the newest epoch that anybody has led in.
CREATE TABLE leadership_state (
    id SMALLINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    leader VARCHAR(63)
);

INSERT INTO leadership_state (id, version, epoch) VALUES (1, 0, 0);
