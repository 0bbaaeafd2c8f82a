-- Read models of others' state, registers, letters and forms, hand-over.

-- The one place for personal data, sealed: a case's people, what was printed on a letter, who received the papers.
CREATE TABLE people (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    sealed    text NOT NULL
);

-- Read models: what intake and verification tell. `sequence` is the event's; an older one changes nothing.
CREATE TABLE office (
    kelurahan text PRIMARY KEY,
    data      jsonb NOT NULL,
    sequence  bigint NOT NULL
);

CREATE TABLE sop (
    kelurahan text NOT NULL,
    service   text NOT NULL,
    version   int NOT NULL,
    data      jsonb NOT NULL,
    sequence  bigint NOT NULL,
    PRIMARY KEY (kelurahan, service, version)
);

CREATE TABLE application (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    sequence        bigint NOT NULL,
    tracking_code   text NOT NULL,
    service         text NOT NULL,
    sop_version     int NOT NULL,
    reason          text,
    status          text NOT NULL,
    owner           text NOT NULL,
    rw              text NOT NULL,
    rt              text NOT NULL,
    introduction_id uuid,
    requirements    text[] NOT NULL DEFAULT '{}',
    person_id       uuid NOT NULL REFERENCES people,
    changed_at      timestamptz NOT NULL
);
CREATE INDEX application_introduction ON application (introduction_id) WHERE introduction_id IS NOT NULL;

CREATE TABLE introduction (
    id               uuid PRIMARY KEY,
    kelurahan        text NOT NULL,
    status           text NOT NULL CHECK (status IN ('requested', 'granted')),
    application_id   uuid,
    rw               text NOT NULL,
    rt               text NOT NULL,
    service          text,
    purpose          text NOT NULL,
    owner            text,
    granted_at       timestamptz,
    valid_until      date,
    acting_as        text,
    officeholder_id  uuid,
    person_id        uuid NOT NULL REFERENCES people
);
CREATE INDEX introduction_application ON introduction (application_id) WHERE application_id IS NOT NULL;

CREATE TABLE verification (
    task_id        uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL,
    outcome        text NOT NULL CHECK (outcome IN ('passed', 'failed')),
    reason         text,
    decided_at     timestamptz NOT NULL
);
CREATE INDEX verification_application ON verification (application_id);

CREATE TABLE neighbourhood (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    rw        text NOT NULL,
    rt        text NOT NULL,
    headed    boolean NOT NULL,
    sequence  bigint NOT NULL
);

CREATE TABLE officeholder (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    role      text NOT NULL,
    rw        text NOT NULL,
    rt        text,
    from_date date NOT NULL,
    to_date   date,
    person_id uuid NOT NULL REFERENCES people,
    sequence  bigint NOT NULL
);

-- Letters, and forms, which have no number and no check. A letter's number, once taken, stays with it.
CREATE TABLE letter (
    id              uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    kind            text NOT NULL,
    form            boolean NOT NULL DEFAULT false,
    status          text NOT NULL CHECK (status IN
                    ('drafting', 'drafted', 'sent_back', 'numbered', 'issued', 'void', 'cancelled')),
    application_id  uuid,
    introduction_id uuid,
    owner           text,
    rw              text NOT NULL,
    rt              text NOT NULL,
    classification  text NOT NULL DEFAULT '',
    valid_days      int,
    -- The draft that the lurah sees: which one it is, the hash that a decision has to name, where the PDF lies.
    draft           int NOT NULL DEFAULT 1,
    person_id       uuid REFERENCES people,
    preview_sha256  text,
    preview_key     text,
    template        text,
    incomplete      text[] NOT NULL DEFAULT '{}',
    problem         text,
    sent_back_reason text,
    sent_back_by    text,
    -- Taken by the decision. The token is plain: this row says more than the token opens, and it is printed anyway.
    number          text,
    dated           date,
    valid_until     date,
    decided_at      timestamptz,
    decided_by      text,
    token           text UNIQUE,
    -- The bytes, which never change once the letter is issued.
    bucket          text,
    key             text,
    sha256          text,
    size            bigint,
    issued_at       timestamptz,
    voided_at       timestamptz,
    voided_by       text,
    void_reason     text,
    created_at      timestamptz NOT NULL,
    version         int NOT NULL DEFAULT 1,
    CHECK (NOT form OR (number IS NULL AND token IS NULL)),
    CHECK (form OR status NOT IN ('numbered', 'issued', 'void') OR (number IS NOT NULL AND token IS NOT NULL)),
    CHECK (status <> 'issued' OR (key IS NOT NULL AND sha256 IS NOT NULL AND size IS NOT NULL))
);
CREATE INDEX letter_application ON letter (application_id) WHERE application_id IS NOT NULL;
CREATE UNIQUE INDEX letter_introduction ON letter (introduction_id) WHERE introduction_id IS NOT NULL;
CREATE INDEX letter_list ON letter (kelurahan, id);
CREATE INDEX letter_status ON letter (kelurahan, status, id);
-- At most one of a kind is under way or in force in a case.
CREATE UNIQUE INDEX letter_of_case ON letter (application_id, kind)
    WHERE introduction_id IS NULL AND status NOT IN ('void', 'cancelled');

-- The last number given per series and year; its row lock makes two decisions at one instant two numbers.
CREATE TABLE register (
    kelurahan text NOT NULL,
    series    text NOT NULL,
    year      int NOT NULL,
    last      int NOT NULL,
    PRIMARY KEY (kelurahan, series, year)
);

-- The book: one line per number ever taken. Lines are added and never changed; the letter says what became of it.
CREATE TABLE register_line (
    kelurahan text NOT NULL,
    series    text NOT NULL,
    year      int NOT NULL,
    n         int NOT NULL,
    number    text NOT NULL,
    kind      text NOT NULL,
    dated     date NOT NULL,
    letter_id uuid NOT NULL UNIQUE REFERENCES letter,
    PRIMARY KEY (kelurahan, series, year, n)
);
CREATE INDEX register_line_book ON register_line (kelurahan, year, series, n);

CREATE TABLE handover (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL,
    status         text NOT NULL CHECK (status IN ('ready', 'dispatched', 'failed', 'done')),
    method         text NOT NULL CHECK (method IN ('pickup', 'courier', 'digital')),
    ready_at       timestamptz NOT NULL,
    at             timestamptz NOT NULL,
    by             text,
    reason         text,
    person_id      uuid NOT NULL REFERENCES people,
    version        int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX handover_open ON handover (application_id) WHERE status IN ('ready', 'dispatched');
CREATE INDEX handover_list ON handover (kelurahan, id);
CREATE INDEX handover_application ON handover (application_id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'office', 'sop', 'application', 'introduction', 'verification',
        'neighbourhood', 'officeholder', 'letter', 'register', 'register_line', 'handover'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
            name);
    END LOOP;
END $$;
