-- A head on a journey: on these days somebody else decides.
ALTER TABLE officeholder
    ADD COLUMN away_from  date,
    ADD COLUMN away_until date CHECK (away_until >= away_from),
    ADD CHECK ((away_from IS NULL) = (away_until IS NULL)),
    ADD COLUMN phone_confirmed_at timestamptz;

-- A code on paper, sent once from a head's own phone, says which number is his. The code itself is sealed, so that the
-- sheet can be printed again; `code_index` finds it.
CREATE TABLE enrolment (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    officeholder_id uuid NOT NULL REFERENCES officeholder,
    code_index      bytea NOT NULL UNIQUE,
    sealed          text NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX enrolment_officeholder ON enrolment (officeholder_id);
ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON enrolment USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

CREATE INDEX link_officeholder ON link (officeholder_id) WHERE officeholder_id IS NOT NULL;

ALTER TABLE office ADD COLUMN address jsonb;
