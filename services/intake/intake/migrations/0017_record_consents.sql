-- The whole record of a case, for its person: asked for, put together, and gone after a week. One at a time.
CREATE TABLE record (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    state          text NOT NULL CHECK (state IN ('asked', 'ready', 'failed')),
    requested_at   timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    ready_at       timestamptz,
    ends_at        timestamptz,
    key            text,
    size           bigint,
    sha256         text,
    problem        text,
    link_hash      bytea,
    link_until     timestamptz,
    CHECK ((state = 'ready') = (key IS NOT NULL AND ends_at IS NOT NULL))
);
CREATE UNIQUE INDEX record_case ON record (application_id);
CREATE INDEX record_ends ON record (ends_at) WHERE ends_at IS NOT NULL;
-- What each other service handed over, until it is put together.
CREATE TABLE record_part (
    record_id uuid NOT NULL REFERENCES record,
    service   text NOT NULL,
    kelurahan text NOT NULL,
    person_id uuid NOT NULL REFERENCES people,
    files     jsonb NOT NULL,
    PRIMARY KEY (record_id, service)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['record', 'record_part'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))', name);
    END LOOP;
END $$;

-- What a person agreed to or withdrew, each kind by itself: every word of his with the text that he was shown. The last
-- words of each kind stand in the case's row, so that they are told with it.
CREATE TABLE consent_word (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    kind           text NOT NULL CHECK (kind IN ('messages', 'courier', 'neighbours')),
    given          boolean NOT NULL,
    text_version   int NOT NULL,
    at             timestamptz NOT NULL,
    by_role        text NOT NULL
);
CREATE INDEX consent_word_case ON consent_word (application_id, kind, id);
ALTER TABLE consent_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_word FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent_word USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
ALTER TABLE application ADD COLUMN consents jsonb NOT NULL DEFAULT '{}';
