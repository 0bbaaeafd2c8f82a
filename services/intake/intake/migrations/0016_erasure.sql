-- Cases that are erased, so that no late news brings their data back. Ids and counts only.
CREATE TABLE erased_case (
    application_id  uuid PRIMARY KEY,
    introduction_id uuid,
    kelurahan       text NOT NULL,
    why             text NOT NULL CHECK (why IN ('retention', 'person', 'operator')),
    begun_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    counts          jsonb NOT NULL DEFAULT '{}',
    done_at         timestamptz
);
CREATE INDEX erased_case_introduction ON erased_case (introduction_id) WHERE introduction_id IS NOT NULL;
ALTER TABLE erased_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_case FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erased_case USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- The proof of an erasure: what was asked, and what each service says it has erased. It stays, and names nobody.
CREATE TABLE erasure (
    application_id  uuid PRIMARY KEY,
    introduction_id uuid,
    kelurahan       text NOT NULL,
    why             text NOT NULL CHECK (why IN ('retention', 'person', 'operator')),
    requested_at    timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    done_at         timestamptz
);
CREATE INDEX erasure_requested ON erasure (requested_at, application_id);
CREATE TABLE erasure_part (
    application_id uuid NOT NULL REFERENCES erasure,
    service        text NOT NULL,
    kelurahan      text NOT NULL,
    counts         jsonb NOT NULL,
    done_at        timestamptz NOT NULL,
    PRIMARY KEY (application_id, service)
);

-- Of an erased case stays a line without its person: number in the agenda, service, days, outcome, whose login it was.
ALTER TABLE application
    ALTER COLUMN person_id DROP NOT NULL,
    ADD COLUMN erased_at timestamptz,
    ADD CHECK ((person_id IS NULL) = (erased_at IS NOT NULL));
-- Whose time is over.
CREATE INDEX application_ended ON application (kelurahan, status, (coalesce(status_since, changed_at)), id)
    WHERE erased_at IS NULL AND status IN ('completed', 'rejected', 'withdrawn', 'expired');
CREATE INDEX message_outcome_case ON message_outcome (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX message_outcome_at ON message_outcome (kelurahan, at);
CREATE INDEX incoming_message_at ON incoming_message (kelurahan, received_at);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['erasure', 'erasure_part'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))', name);
    END LOOP;
END $$;
