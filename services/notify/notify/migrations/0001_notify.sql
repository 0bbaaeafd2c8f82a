-- People's data, sealed: whom a message went to and what it said, contacts of cases, what people wrote. One place, so
-- that erasing a person is one thing. `phone_index` finds a number's messages.
CREATE TABLE people (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    sealed      text NOT NULL,
    phone_index bytea
);
CREATE INDEX people_phone ON people (kelurahan, phone_index) WHERE phone_index IS NOT NULL;

-- Messages to people. `number` is their order; `content` a keyed fingerprint of the text, so that a notice is not
-- repeated; all times are business time.
CREATE TABLE message (
    id             uuid PRIMARY KEY,
    number         bigint GENERATED ALWAYS AS IDENTITY,
    kelurahan      text NOT NULL,
    application_id uuid,
    template       text NOT NULL,
    message_class  text NOT NULL CHECK (message_class IN ('answer', 'notice', 'code')),
    channel        text NOT NULL,
    status         text NOT NULL CHECK (status IN ('accepted', 'sent', 'delivered', 'read', 'failed', 'expired')),
    attempts       int NOT NULL DEFAULT 0,
    person_id      uuid NOT NULL REFERENCES people,
    content        bytea NOT NULL,
    requested_by   text,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    waits_until    timestamptz CHECK (waits_until IS NULL OR status = 'accepted'),
    failure        text,
    settled_at     timestamptz,
    job_id         uuid,
    version        int NOT NULL DEFAULT 1
);
CREATE INDEX message_number ON message (kelurahan, number);
CREATE INDEX message_application ON message (application_id, number) WHERE application_id IS NOT NULL;
CREATE INDEX message_person ON message (person_id);
CREATE INDEX message_waiting ON message (waits_until) WHERE waits_until IS NOT NULL;

-- Messages from people, and the service that each went to.
CREATE TABLE incoming (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    person_id   uuid NOT NULL REFERENCES people,
    channel     text NOT NULL,
    recipient   text NOT NULL,
    received_at timestamptz NOT NULL
);

-- Copies of what others tell.
CREATE TABLE application (
    id            uuid PRIMARY KEY,
    kelurahan     text NOT NULL,
    tracking_code text NOT NULL,
    service       text NOT NULL,
    sop_version   int NOT NULL,
    status        text NOT NULL,
    owner         text NOT NULL,
    person_id     uuid NOT NULL REFERENCES people,
    sequence      bigint NOT NULL
);

CREATE TABLE letter (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid,
    number         text NOT NULL,
    check_url      text NOT NULL,
    void           boolean NOT NULL DEFAULT false
);
CREATE INDEX letter_application ON letter (application_id) WHERE application_id IS NOT NULL;

CREATE TABLE office (
    kelurahan text PRIMARY KEY,
    name      text NOT NULL,
    zone      text NOT NULL,
    office    jsonb NOT NULL,
    sequence  bigint NOT NULL
);

CREATE TABLE sop (
    kelurahan    text NOT NULL,
    service      text NOT NULL,
    version      int NOT NULL,
    name         jsonb NOT NULL,
    next_step    jsonb NOT NULL,
    cost         jsonb NOT NULL,
    requirements jsonb NOT NULL,
    sequence     bigint NOT NULL,
    PRIMARY KEY (kelurahan, service, version)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'message', 'incoming', 'application', 'letter', 'office', 'sop']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
