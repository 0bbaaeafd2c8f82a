-- Who read or changed what of a case, for the person whose case it is: counted by the hour, out of the audits of all
-- services. Accounts, roles and ids; the audit itself is the evidence.
CREATE TABLE access (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
    service        text NOT NULL,
    reader         text NOT NULL,
    role           text NOT NULL,
    office         text NOT NULL,
    did            text NOT NULL CHECK (did IN ('read', 'changed')),
    kind           text NOT NULL,
    object         text NOT NULL,
    purpose        text NOT NULL,
    hour           timestamptz NOT NULL,
    times          int NOT NULL,
    first_at       timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    UNIQUE (application_id, service, reader, role, office, did, kind, object, purpose, hour)
);
CREATE INDEX access_last ON access (application_id, last_at, id);
ALTER TABLE access ENABLE ROW LEVEL SECURITY;
ALTER TABLE access FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON access USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
