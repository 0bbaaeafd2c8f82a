-- The plumbing's own tables, the same in every service's database.

-- Events that this service has to tell. Written with the change that they tell of; sent by the relay.
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     uuid NOT NULL UNIQUE,
    type         text NOT NULL,
    version      int NOT NULL,
    subject      text NOT NULL,
    sequence     bigint NOT NULL,
    tenant       text NOT NULL,
    time         timestamptz NOT NULL,
    data         text NOT NULL,
    trace        text,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- The last sequence given per subject; its row lock orders the events about one subject.
CREATE TABLE subject_sequence (
    subject text PRIMARY KEY,
    last    bigint NOT NULL
);

-- Events whose effect is in this database, so that a second delivery has none.
CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX inbox_received ON inbox (received_at);

-- How often a redelivered message was begun: what kills its worker each time is set aside.
CREATE TABLE inbox_attempt (
    event_id uuid PRIMARY KEY,
    attempts int NOT NULL,
    last_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Slow work, written with the change that asks for it.
CREATE TABLE job (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    tenant       text NOT NULL,
    key          text,
    payload      jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'dead')),
    run_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    leased_until timestamptz,
    attempts     int NOT NULL DEFAULT 0,
    last_error   text,
    trace        text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX job_ready ON job (tenant, run_at) WHERE state = 'ready';
CREATE INDEX job_running ON job (leased_until) WHERE state = 'running';
CREATE UNIQUE INDEX job_key ON job (kind, key) WHERE key IS NOT NULL;

-- Answers kept for requests that come again with the same Idempotency-Key.
CREATE TABLE idempotency (
    caller      text NOT NULL,
    route       text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      int NOT NULL,
    headers     jsonb NOT NULL,
    body        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- The business clock: how far it is ahead of machine time (always zero in production).
CREATE TABLE clock (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    offset_seconds double precision NOT NULL DEFAULT 0,
    sequence       bigint NOT NULL DEFAULT 0
);
INSERT INTO clock DEFAULT VALUES;

-- Attempts at what is not the caller's; no address, name or token in it.
CREATE TABLE refused_access (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    caller text NOT NULL,
    tenant text NOT NULL,
    route  text NOT NULL,
    object text NOT NULL
);
