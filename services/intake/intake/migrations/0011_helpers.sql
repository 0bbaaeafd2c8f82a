-- Who opens cases for others: how many there were, and how many on the last day that had any.
CREATE TABLE helper (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    key       bytea NOT NULL,
    person_id uuid NOT NULL REFERENCES people,
    cases     int NOT NULL,
    day       date NOT NULL,
    on_day    int NOT NULL,
    last_at   timestamptz NOT NULL,
    UNIQUE (kelurahan, key)
);
CREATE INDEX helper_last ON helper (kelurahan, last_at, id);
ALTER TABLE application ADD COLUMN helper_id uuid REFERENCES helper;
CREATE INDEX application_helper ON application (kelurahan, helper_id, due_at, id) WHERE helper_id IS NOT NULL;
ALTER TABLE helper ENABLE ROW LEVEL SECURITY;
ALTER TABLE helper FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON helper USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
