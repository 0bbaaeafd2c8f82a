-- A record that the person himself asked for has what no officer reads: what he complained of, and his answers to the
-- survey. One that an officer asked for stands beside it.
ALTER TABLE record ADD COLUMN himself boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX record_of_whom ON record (application_id, himself);
DROP INDEX record_case;
