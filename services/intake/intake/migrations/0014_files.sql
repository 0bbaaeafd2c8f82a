-- A file is held back until it was scanned, where a scanner is configured; one that was withdrawn is gone for everybody.
ALTER TABLE file ADD COLUMN scanned_at timestamptz;
ALTER TABLE file DROP CONSTRAINT file_state_check,
    ADD CONSTRAINT file_state_check CHECK (state IN ('checking', 'ready', 'rejected', 'superseded', 'withdrawn'));
-- What waits, and since when.
CREATE INDEX file_waiting ON file (uploaded_at) WHERE state = 'checking' AND scanned_at IS NULL;
