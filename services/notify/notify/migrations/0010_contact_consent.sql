-- Who wants messages on a medium (WhatsApp, by whatever channel) and who does not, in his own words; of a person the
-- newest row counts. The marks are made with a key of notify's own and say nothing without it. When the contact and his
-- words are erased, a last word that was "no" stays as bare marks: who said STOP is not written to because his case is
-- gone.
CREATE TABLE contact_consent (
    id         uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    medium     text NOT NULL,
    wanted     boolean NOT NULL,
    at         timestamptz NOT NULL,
    contact_id uuid,
    person_id  uuid REFERENCES people,
    phone_mark bytea,
    user_mark  bytea,
    CHECK (phone_mark IS NOT NULL OR user_mark IS NOT NULL)
);
CREATE INDEX contact_consent_phone ON contact_consent (kelurahan, phone_mark) WHERE phone_mark IS NOT NULL;
CREATE INDEX contact_consent_user ON contact_consent (kelurahan, user_mark) WHERE user_mark IS NOT NULL;
CREATE INDEX contact_consent_contact ON contact_consent (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX contact_consent_person ON contact_consent (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE contact_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact_consent USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- Until then a person of the office answers this contact himself, from the phone that has the office's number;
-- `answered_at` is when that was last said, by the channel's clock. `number_id` is the number of ours that the contact
-- wrote to last: answers go out from it.
ALTER TABLE contact
    ADD COLUMN number_id      text,
    ADD COLUMN answered_until timestamptz,
    ADD COLUMN answered_at    timestamptz;
CREATE INDEX contact_answered ON contact (kelurahan, answered_until) WHERE answered_until IS NOT NULL;
