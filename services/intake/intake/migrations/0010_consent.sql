-- Who helps in a case, how the person agreed to it, and codes on their way to his own phone (a keyed hash of each).
ALTER TABLE application
    ADD COLUMN helper text,
    ADD COLUMN resident text,
    ADD COLUMN consent text NOT NULL DEFAULT 'none'
        CHECK (consent IN ('none', 'code', 'rt_head_word', 'in_person', 'revoked')),
    ADD COLUMN consent_at timestamptz;
CREATE INDEX application_resident ON application (kelurahan, resident, id) WHERE resident IS NOT NULL;
CREATE TABLE consent_code (
    application_id uuid NOT NULL REFERENCES application,
    purpose        text NOT NULL CHECK (purpose IN ('agree', 'revoke')),
    kelurahan      text NOT NULL,
    code_hash      bytea NOT NULL,
    tries          int NOT NULL DEFAULT 0,
    sent           int NOT NULL DEFAULT 1,
    sent_at        timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (application_id, purpose)
);
ALTER TABLE consent_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_code FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent_code USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
