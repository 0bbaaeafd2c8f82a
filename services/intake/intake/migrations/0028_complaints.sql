-- Complaints, wishes and questions. `complaint_entry` is what happened, `complaint` the state that follows from it; what
-- people wrote is sealed in the entries, who they are in `people` (nobody, where it is anonymous). `secret_hash` is that
-- of the code by which whoever filed it goes on with it.
CREATE TABLE complaint (
    id               uuid PRIMARY KEY,
    kelurahan        text NOT NULL,
    ticket           text NOT NULL UNIQUE,
    secret_hash      bytea,
    owner            text,
    person_id        uuid REFERENCES people,
    kind             text NOT NULL,
    about            text NOT NULL,
    about_staff      text,
    confidentiality  text NOT NULL,
    channel          text NOT NULL,
    application_id   uuid REFERENCES application,
    service          text,
    step             text,
    status           text NOT NULL,
    level            text NOT NULL,
    assigned_to      text,
    complaint_class  text,
    pauses           jsonb NOT NULL DEFAULT '[]',
    clock_from       timestamptz NOT NULL,
    filed_at         timestamptz NOT NULL,
    changed_at       timestamptz NOT NULL,
    check_due_at     timestamptz,
    checked_at       timestamptz,
    answer_due_at    timestamptz,
    answered_at      timestamptz,
    closes_at        timestamptz,
    reopen_until     timestamptz,
    closed_at        timestamptz,
    result           text,
    reopened         int NOT NULL DEFAULT 0,
    ordered_at       timestamptz NOT NULL,
    next_at          timestamptz,
    erased_at        timestamptz,
    version          int NOT NULL DEFAULT 1,
    CHECK (confidentiality <> 'anonymous' OR (owner IS NULL AND person_id IS NULL))
);
-- The desk's list, whole and by status; what is due; a person's own; a case's; a service's; the city's export; what goes.
CREATE INDEX complaint_desk ON complaint (kelurahan, ordered_at, id) WHERE status IN ('filed', 'checked');
CREATE INDEX complaint_status ON complaint (kelurahan, status, ordered_at, id);
CREATE INDEX complaint_next ON complaint (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX complaint_owner ON complaint (kelurahan, owner, id) WHERE owner IS NOT NULL;
CREATE INDEX complaint_case ON complaint (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX complaint_service ON complaint (kelurahan, service, filed_at) WHERE service IS NOT NULL;
CREATE INDEX complaint_filed ON complaint (kelurahan, filed_at, id);
CREATE INDEX complaint_over ON complaint (kelurahan, closed_at) WHERE status = 'closed' AND erased_at IS NULL;
CREATE INDEX complaint_person ON complaint (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE complaint_entry (
    complaint_id uuid NOT NULL REFERENCES complaint,
    number       int NOT NULL,
    kelurahan    text NOT NULL,
    at           timestamptz NOT NULL,
    change       text NOT NULL,
    by_role      text NOT NULL,
    by_staff     text,
    data         jsonb NOT NULL DEFAULT '{}',
    words        text,
    PRIMARY KEY (complaint_id, number)
);

-- A photo of a complaint is a file like those of cases: looked at, scanned, never shown before.
ALTER TABLE file ALTER COLUMN application_id DROP NOT NULL;
ALTER TABLE file ADD COLUMN complaint_id uuid REFERENCES complaint;
ALTER TABLE file ADD CONSTRAINT file_of_one CHECK ((application_id IS NULL) <> (complaint_id IS NULL)) NOT VALID;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['complaint', 'complaint_entry']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
