-- Offices, catalogue, people, cases with their timeline.

CREATE TABLE office (
    kelurahan  text PRIMARY KEY,
    data       jsonb NOT NULL,
    version    int NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL
);

CREATE TABLE sop (
    kelurahan      text NOT NULL,
    service        text NOT NULL,
    version        int NOT NULL,
    effective_from date NOT NULL,
    data           jsonb NOT NULL,
    PRIMARY KEY (kelurahan, service, version)
);

-- The one place for personal data: sealed, with a keyed fingerprint of the NIK for look-ups.
CREATE TABLE people (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    nik_index bytea,
    sealed    text NOT NULL
);

CREATE TABLE application (
    id                 uuid PRIMARY KEY,
    kelurahan          text NOT NULL,
    tracking_code      text NOT NULL UNIQUE,
    service            text NOT NULL,
    sop_version        int NOT NULL,
    reason             text,
    status             text NOT NULL,
    channel            text NOT NULL,
    owner              text NOT NULL,
    rw                 text NOT NULL,
    rt                 text NOT NULL,
    person_id          uuid NOT NULL REFERENCES people,
    nik_index          bytea,
    intended_duplicate boolean NOT NULL DEFAULT false,
    introduction_id    uuid,
    introduction       text NOT NULL DEFAULT 'none'
                       CHECK (introduction IN ('none', 'requested', 'granted', 'refused', 'waived')),
    introduction_note  text,
    verification       text NOT NULL DEFAULT 'none'
                       CHECK (verification IN ('none', 'asked', 'failed', 'passed', 'overridden')),
    verification_note  text,
    agenda_number      text,
    opened_at          timestamptz NOT NULL,
    changed_at         timestamptz NOT NULL,
    submitted_at       timestamptz,
    promised_at        timestamptz,
    deadlines          jsonb NOT NULL DEFAULT '[]',
    pauses             jsonb NOT NULL DEFAULT '[]',
    returned_items     jsonb NOT NULL DEFAULT '[]',
    decision_reason    text,
    sent_back_reason   text,
    claim_hash         bytea,
    claim_attempts     int NOT NULL DEFAULT 0,
    due_at             timestamptz NOT NULL,
    version            int NOT NULL DEFAULT 1
);
-- One open case per person and service, unless it is meant so: two requests at once cannot both pass.
CREATE UNIQUE INDEX application_one_open ON application (kelurahan, service, nik_index)
    WHERE nik_index IS NOT NULL AND NOT intended_duplicate
      AND status NOT IN ('completed', 'rejected', 'withdrawn', 'expired');
-- Every case of a person.
CREATE INDEX application_person ON application (nik_index) WHERE nik_index IS NOT NULL;
-- The officer's queue, whole and by status; a person's own cases; what nobody took up again.
CREATE INDEX application_queue ON application (kelurahan, due_at, id)
    WHERE status IN ('submitted', 'received', 'verified', 'issued');
CREATE INDEX application_status ON application (kelurahan, status, due_at, id);
CREATE INDEX application_owner ON application (kelurahan, owner, id);
CREATE INDEX application_idle ON application (changed_at) WHERE status IN ('draft', 'returned');
CREATE INDEX application_introduction ON application (introduction_id) WHERE introduction_id IS NOT NULL;

CREATE TABLE timeline (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    at             timestamptz NOT NULL,
    status         text NOT NULL,
    event          text NOT NULL,
    by_role        text NOT NULL,
    by_staff       text,
    note           text
);
CREATE INDEX timeline_case ON timeline (application_id, id);

-- The office's own gapless series per year; its row lock orders who takes the next number.
CREATE TABLE agenda_series (
    kelurahan text NOT NULL,
    year      int NOT NULL,
    last      int NOT NULL,
    PRIMARY KEY (kelurahan, year)
);

-- What documents said of the case's letters.
CREATE TABLE case_letter (
    letter_id      uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid,
    introduction_id uuid,
    kind           text NOT NULL,
    number         text NOT NULL,
    check_url      text NOT NULL,
    void           boolean NOT NULL DEFAULT false
);
CREATE INDEX case_letter_case ON case_letter (application_id);
CREATE INDEX case_letter_introduction ON case_letter (introduction_id);

-- Copies of what others own: how the hand-over stands, which RTs there are, the RT heads' tasks.
CREATE TABLE case_handover (
    handover_id    uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL,
    status         text NOT NULL,
    method         text NOT NULL,
    at             timestamptz NOT NULL,
    sequence       bigint NOT NULL
);
CREATE INDEX case_handover_case ON case_handover (application_id);
CREATE TABLE neighbourhood (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    rw        text NOT NULL,
    rt        text NOT NULL,
    headed    boolean NOT NULL,
    sequence  bigint NOT NULL
);
CREATE INDEX neighbourhood_place ON neighbourhood (kelurahan, rw, rt);
CREATE TABLE task (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    application_id  uuid,
    introduction_id uuid,
    kind            text NOT NULL,
    status          text NOT NULL,
    sequence        bigint NOT NULL
);
CREATE INDEX task_case ON task (application_id) WHERE application_id IS NOT NULL;

-- What people wrote to us (sealed with the other personal data), and what became of messages that we asked for.
CREATE TABLE incoming_message (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    channel     text NOT NULL,
    received_at timestamptz NOT NULL,
    person_id   uuid NOT NULL REFERENCES people
);
CREATE TABLE message_outcome (
    message_id     uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid,
    channel        text NOT NULL,
    delivered      boolean NOT NULL,
    reason         text,
    at             timestamptz NOT NULL
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['office', 'sop', 'people', 'application', 'timeline', 'agenda_series', 'case_letter',
                                'case_handover', 'neighbourhood', 'task', 'incoming_message', 'message_outcome']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
