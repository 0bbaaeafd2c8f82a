-- An officer finds a case by the number that somebody calls from, and by what stands on the file.
ALTER TABLE application ADD COLUMN phone_index bytea;
CREATE INDEX application_phone ON application (kelurahan, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX application_agenda ON application (kelurahan, agenda_number) WHERE agenda_number IS NOT NULL;
