-- Up to when deadlines that come near or are missed were told, and when the next telling is due.
ALTER TABLE application ADD COLUMN warned_at timestamptz, ADD COLUMN next_warning_at timestamptz;
CREATE INDEX application_warning ON application (next_warning_at) WHERE next_warning_at IS NOT NULL;
