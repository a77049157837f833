CREATE TABLE nothing;
