-- Who writes to an office: one row for each person at it, found by what a channel calls him or by his number; both
-- may change, the id stays. `last_in_at` is machine time: a channel counts its window by it.
CREATE TABLE contact (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    person_id   uuid NOT NULL REFERENCES people,
    phone_index bytea,
    user_index  bytea,
    channel     text NOT NULL,
    created_at  timestamptz NOT NULL,
    last_in_at  timestamptz,
    version     int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX contact_phone ON contact (kelurahan, phone_index) WHERE phone_index IS NOT NULL;
CREATE UNIQUE INDEX contact_user ON contact (kelurahan, user_index) WHERE user_index IS NOT NULL;
CREATE INDEX contact_person ON contact (person_id);
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

ALTER TABLE message ADD COLUMN contact_id uuid;
ALTER TABLE incoming ADD COLUMN contact_id uuid;
CREATE INDEX message_contact ON message (contact_id, number) WHERE contact_id IS NOT NULL;
CREATE INDEX incoming_contact ON incoming (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX contact_old ON contact (kelurahan, created_at);
