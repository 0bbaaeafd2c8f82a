-- Other systems that the feed's events are sent to. `kelurahan` is the code of whoever made it: an office's, a kecamatan's
-- or a city's; `places` are the codes below it that are wanted. `sealed` are the secrets that sign. Up to `position` every
-- event of the feed was delivered, or stands in `push_held`. `failures` are failed attempts since one was taken, `rests`
-- how often it was left alone since then, until `due_at`; `held_due_at` is when the first of what is held has its turn.
-- `quick`: it answers fast, and shares its threads with no slow one. A replay goes from behind `replay_after` up to
-- `replay_until`. What lies behind `missed_after` up to `missed_until` the feed forgot before it was sent. All instants but `created_at` are machine time.
CREATE TABLE subscription (
    id            uuid PRIMARY KEY,
    kelurahan     text NOT NULL,
    owner         text NOT NULL,
    url           text NOT NULL,
    description   text NOT NULL,
    types         text[] NOT NULL,
    places        text[] NOT NULL,
    sealed        text NOT NULL,
    state         text NOT NULL CHECK (state IN ('active', 'paused', 'suspended', 'gone')),
    position      bigint NOT NULL,
    failures      int NOT NULL DEFAULT 0,
    rests         int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    reason        text,
    due_at        timestamptz NOT NULL,
    held_due_at   timestamptz,
    quick         boolean NOT NULL DEFAULT true,
    replay_after  bigint,
    replay_until  bigint,
    missed_after  bigint,
    missed_until  bigint,
    created_at    timestamptz NOT NULL,
    version       int NOT NULL DEFAULT 1,
    CHECK ((replay_after IS NULL) = (replay_until IS NULL)),
    CHECK ((missed_after IS NULL) = (missed_until IS NULL))
);
CREATE INDEX subscription_office ON subscription (kelurahan, id);
CREATE INDEX subscription_due ON subscription (due_at) WHERE state IN ('active', 'suspended');

-- What a receiver has not taken while it took others, and what comes after it in the same case. Public events: nobody's
-- data are in them. `next_at` NULL: as soon as it is the first of its case.
CREATE TABLE push_held (
    subscription_id uuid NOT NULL REFERENCES subscription ON DELETE CASCADE,
    kelurahan       text NOT NULL,
    position        bigint NOT NULL,
    case_key        text NOT NULL,
    event           jsonb NOT NULL,
    attempts        int NOT NULL,
    next_at         timestamptz,
    PRIMARY KEY (subscription_id, position)
);
CREATE INDEX push_held_case ON push_held (subscription_id, case_key, position);

-- Every attempt: what the owner reads to find out what became of an event.
CREATE TABLE push_attempt (
    id              uuid PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES subscription ON DELETE CASCADE,
    kelurahan       text NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('event', 'replay', 'test')),
    event_id        uuid NOT NULL,
    type            text NOT NULL,
    position        bigint,
    outcome         text NOT NULL CHECK (outcome IN ('delivered', 'failed', 'given_up')),
    status          int,
    reason          text,
    ms              int NOT NULL
);
CREATE INDEX push_attempt_list ON push_attempt (subscription_id, id);
CREATE INDEX push_attempt_at ON push_attempt (at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subscription', 'push_held', 'push_attempt']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
