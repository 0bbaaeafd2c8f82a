-- Announcements of notify's that are drawn: `person_id` has their words until they were, `pictured` is the revision whose
-- picture lies in the store. Of one that is gone (`ended`) only its id stays.
CREATE TABLE announcement (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    revision  int NOT NULL,
    until     date,
    person_id uuid REFERENCES people,
    pictured  int,
    ended     boolean NOT NULL DEFAULT false
);
CREATE INDEX announcement_person ON announcement (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE announcement ENABLE ROW LEVEL SECURITY;
ALTER TABLE announcement FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON announcement USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
