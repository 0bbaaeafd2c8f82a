-- People's data, sealed: officeholders, applicants, file grants, notes, what people wrote. One place, so that
-- erasing a person is one thing. `phone_index` finds an officeholder by the number that he writes from.
CREATE TABLE people (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    sealed      text NOT NULL,
    phone_index bytea
);
CREATE INDEX people_phone ON people (kelurahan, phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE neighbourhood (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    rw        text NOT NULL CHECK (rw ~ '^\d{3}$'),
    rt        text NOT NULL CHECK (rt ~ '^\d{3}$'),
    headed    boolean NOT NULL,
    made_up   boolean NOT NULL DEFAULT false,
    version   int NOT NULL DEFAULT 1,
    UNIQUE (kelurahan, rw, rt)
);

-- The last day for which an office's neighbourhoods and open tasks were looked through.
CREATE TABLE followed (
    kelurahan text PRIMARY KEY,
    day       date NOT NULL
);

CREATE TABLE officeholder (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    role      text NOT NULL CHECK (role IN ('rt_head', 'substitute', 'rw_head')),
    rw        text NOT NULL,
    rt        text CHECK ((role = 'rw_head') = (rt IS NULL)),
    from_date date NOT NULL,
    to_date   date CHECK (to_date >= from_date),
    person_id uuid NOT NULL REFERENCES people,
    made_up   boolean NOT NULL DEFAULT false,
    version   int NOT NULL DEFAULT 1
);
CREATE INDEX officeholder_place ON officeholder (kelurahan, rw, rt);
CREATE INDEX officeholder_person ON officeholder (person_id);

CREATE TABLE task (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    rw              text NOT NULL,
    rt              text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('introduction', 'attestation')),
    status          text NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
    application_id  uuid,
    introduction_id uuid UNIQUE,
    service         text,
    sop_version     int,
    purpose         text,
    tracking_code   text,
    owner           text,
    person_id       uuid NOT NULL REFERENCES people,
    grants_id       uuid,
    officeholder_id uuid REFERENCES officeholder,
    opened_at       timestamptz NOT NULL,
    closed_at       timestamptz CHECK ((status = 'open') = (closed_at IS NULL)),
    outcome         text CHECK (outcome IN ('granted', 'refused', 'passed', 'failed')),
    reason          text,
    valid_until     date,
    note_id         uuid REFERENCES people,
    decided_by      uuid REFERENCES officeholder,
    acting_as       text,
    decision_print  bytea,
    version         int NOT NULL DEFAULT 1,
    CHECK ((status = 'done') = (outcome IS NOT NULL)),
    CHECK ((kind = 'introduction') = (introduction_id IS NOT NULL))
);
-- A case is asked about once at a time.
CREATE UNIQUE INDEX task_open_attestation ON task (application_id) WHERE kind = 'attestation' AND status = 'open';
CREATE INDEX task_application ON task (application_id);
CREATE INDEX task_place ON task (kelurahan, rw, rt, id);
CREATE INDEX task_kelurahan ON task (kelurahan, id);
CREATE INDEX task_asked ON task (officeholder_id) WHERE status = 'open';
CREATE INDEX task_open ON task (kelurahan, id) WHERE status = 'open';

CREATE TABLE task_file (
    task_id       uuid NOT NULL REFERENCES task,
    file_id       uuid NOT NULL,
    kelurahan     text NOT NULL,
    position      int NOT NULL,
    requirement   text NOT NULL,
    sha256        text NOT NULL,
    type          text NOT NULL,
    original_seen boolean NOT NULL DEFAULT false,
    verdict       text CHECK (verdict IN ('genuine', 'doubtful', 'bring_original')),
    note_id       uuid REFERENCES people,
    carried       boolean NOT NULL DEFAULT false,
    judged_by     uuid REFERENCES officeholder,
    PRIMARY KEY (task_id, file_id)
);

-- The way into a task without a login. The token itself is nowhere but in the message that carries it.
CREATE TABLE link (
    token_hash      bytea PRIMARY KEY,
    kelurahan       text NOT NULL,
    task_id         uuid NOT NULL REFERENCES task,
    officeholder_id uuid NOT NULL REFERENCES officeholder,
    expires_at      timestamptz NOT NULL
);
CREATE INDEX link_task ON link (task_id);

-- What was sent to whom about a task, and what became of it.
CREATE TABLE message (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    task_id         uuid NOT NULL REFERENCES task,
    officeholder_id uuid NOT NULL REFERENCES officeholder,
    template        text NOT NULL,
    status          text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'delivered', 'failed')),
    channel         text,
    reason          text,
    requested_at    timestamptz NOT NULL,
    settled_at      timestamptz
);
CREATE INDEX message_task ON message (task_id);

-- What an RT head wrote, beside the question that was open with him.
CREATE TABLE incoming (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    task_id     uuid REFERENCES task,
    person_id   uuid NOT NULL REFERENCES people,
    channel     text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX incoming_task ON incoming (task_id);

-- Copies of what intake tells.
CREATE TABLE application (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    status    text NOT NULL,
    sequence  bigint NOT NULL
);

CREATE TABLE office (
    kelurahan text PRIMARY KEY,
    name      text NOT NULL,
    zone      text NOT NULL,
    sequence  bigint NOT NULL
);

CREATE TABLE sop (
    kelurahan    text NOT NULL,
    service      text NOT NULL,
    version      int NOT NULL,
    name         jsonb NOT NULL,
    requirements jsonb NOT NULL,
    sequence     bigint NOT NULL,
    PRIMARY KEY (kelurahan, service, version)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'neighbourhood', 'followed', 'officeholder', 'task', 'task_file', 'link',
                                'message', 'incoming', 'application', 'office', 'sop']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
