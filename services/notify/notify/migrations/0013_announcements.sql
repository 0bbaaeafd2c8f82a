-- Announcements of the office. `person_id` has title and text; `places` are the RTs that it is for (NULL: all), an RW
-- without an RT is all of its RTs. `revision` grows with each change of its words, and `picture` is the file of this one.
-- `estimate` is what it will take, worked out for `estimated` (a version of it); `counts` how far its messages came, looked
-- at by a timer until it is `settled`.
CREATE TABLE announcement (
    id           uuid PRIMARY KEY,
    kelurahan    text NOT NULL,
    person_id    uuid NOT NULL REFERENCES people,
    audience     text NOT NULL CHECK (audience IN ('heads', 'agreed', 'both')),
    places       jsonb,
    until        date,
    with_picture boolean NOT NULL,
    revision     int NOT NULL DEFAULT 1,
    picture      jsonb,
    problem      text,
    status       text NOT NULL CHECK (status IN ('draft', 'sending', 'sent', 'stopped')),
    estimate     jsonb,
    counts       jsonb,
    settled      boolean NOT NULL DEFAULT false,
    written_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    sent_by      text,
    sent_at      timestamptz,
    stopped_at   timestamptz,
    version      int NOT NULL DEFAULT 1
);
CREATE INDEX announcement_office ON announcement (kelurahan, id);
CREATE INDEX announcement_old ON announcement (kelurahan, created_at);
CREATE INDEX announcement_person ON announcement (person_id);
CREATE INDEX announcement_open ON announcement (id) WHERE NOT settled AND status <> 'draft';

-- Who was written to, once each: by a mark of his number that says nothing without notify's own key.
CREATE TABLE announcement_recipient (
    announcement_id uuid NOT NULL REFERENCES announcement ON DELETE CASCADE,
    mark            bytea NOT NULL,
    kelurahan       text NOT NULL,
    message_id      uuid NOT NULL,
    PRIMARY KEY (announcement_id, mark)
);

-- A message that is an announcement; which RT somebody heads; and of whoever agreed to announcements (medium
-- `announcements`) which wording he was shown, and of which RT he wants them.
ALTER TABLE message ADD COLUMN announcement_id uuid;
ALTER TABLE officeholder ADD COLUMN role text, ADD COLUMN rw text, ADD COLUMN rt text;
ALTER TABLE contact_consent ADD COLUMN wording text, ADD COLUMN rw text, ADD COLUMN rt text;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['announcement', 'announcement_recipient']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
