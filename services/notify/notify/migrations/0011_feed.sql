-- The public feed: what other systems may know of cases and letters, in one order without a gap (but for
-- the leap of a restore). Nothing of a person.

-- Heard and committed, without a position. `envelope` is what will be told; without one the row only says that the
-- sequence of its subject went on. `waits_until` (machine time): what came before it has not arrived.
CREATE TABLE feed_arrival (
    id          uuid PRIMARY KEY,
    number      bigint GENERATED ALWAYS AS IDENTITY,
    kelurahan   text NOT NULL,
    source      text NOT NULL,
    type        text NOT NULL,
    subject     text NOT NULL,
    sequence    bigint NOT NULL,
    envelope    jsonb,
    arrived_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    waits_until timestamptz
);
CREATE INDEX feed_arrival_next ON feed_arrival (number) WHERE waits_until IS NULL;
CREATE INDEX feed_arrival_waits ON feed_arrival (waits_until) WHERE waits_until IS NOT NULL;
CREATE INDEX feed_arrival_subject ON feed_arrival (source, subject);

-- How far each subject has come in the feed.
CREATE TABLE feed_subject (
    source    text NOT NULL,
    subject   text NOT NULL,
    kelurahan text NOT NULL,
    sequence  bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source, subject)
);
CREATE INDEX feed_subject_at ON feed_subject (at);

-- The last position that was given, the oldest that is kept, and the first for which there is no partition yet: one row,
-- which is no single office's. Its lock lets one at a time give positions.
CREATE TABLE feed_head (
    kelurahan text PRIMARY KEY DEFAULT '*' CHECK (kelurahan = '*'),
    position  bigint NOT NULL DEFAULT 0,
    oldest    bigint NOT NULL DEFAULT 1,
    room      bigint NOT NULL DEFAULT 0
);
INSERT INTO feed_head DEFAULT VALUES;

-- The feed. `at` (machine time) is when the position was given.
CREATE TABLE feed_event (
    position  bigint NOT NULL PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    id        uuid NOT NULL,
    source    text NOT NULL,
    type      text NOT NULL,
    kelurahan text NOT NULL,
    subject   text NOT NULL,
    sequence  bigint NOT NULL,
    envelope  jsonb NOT NULL
) PARTITION BY RANGE (position);
CREATE INDEX feed_event_office ON feed_event (kelurahan, position);
CREATE INDEX feed_event_subject ON feed_event (source, subject, sequence);
CREATE INDEX feed_event_at ON feed_event USING brin (at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['feed_arrival', 'feed_subject', 'feed_head']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;

-- A kecamatan or a city reads what is below it.
ALTER TABLE feed_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feed_event USING (current_setting('app.tenant', true) IN (kelurahan, '*')
    OR kelurahan LIKE current_setting('app.tenant', true) || '.%');

-- Partitions are the owner's to make and to drop, the service at work only asks for it: these two functions do that and
-- nothing else. A partition holds 20,000 positions. It is made beside the feed and attached then: so nobody who reads the
-- feed is waited for, such as a backup, nor waits.
CREATE OR REPLACE FUNCTION feed_make_room(ahead int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    size CONSTANT bigint := 20000;
    made int := 0;
    head feed_head;
    last bigint;
    name text;
BEGIN
    IF current_setting('app.tenant', true) IS DISTINCT FROM '*' THEN
        RAISE EXCEPTION 'parts of the feed are those of all offices' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO head FROM feed_head FOR UPDATE;
    last := head.position / size;
    FOR n IN last .. last + ahead LOOP
        name := format('feed_event_%s', n);
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE feed_event INCLUDING ALL)', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*'')'
                       ' OR kelurahan LIKE current_setting(''app.tenant'', true) || ''.%%'')', name);
        EXECUTE format('ALTER TABLE feed_event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       name, n * size, (n + 1) * size);
        made := made + 1;
    END LOOP;
    UPDATE feed_head SET room = (last + ahead + 1) * size WHERE room < (last + ahead + 1) * size;
    RETURN made;
END $$;

-- Whole partitions, the oldest first, of which every event is older than so many days, which are 30 at least.
CREATE OR REPLACE FUNCTION feed_drop_old(days int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    size CONSTANT bigint := 20000;
    before timestamptz := clock_timestamp() - make_interval(days => greatest(days, 30));
    head feed_head;
    dropped int := 0;
    young boolean;
BEGIN
    IF current_setting('app.tenant', true) IS DISTINCT FROM '*' THEN
        RAISE EXCEPTION 'parts of the feed are those of all offices' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO head FROM feed_head FOR UPDATE;
    FOR n IN head.oldest / size .. head.position / size - 1 LOOP
        SELECT EXISTS (SELECT FROM feed_event WHERE position >= n * size AND position < (n + 1) * size AND at >= before)
            INTO young;
        EXIT WHEN young;
        EXECUTE format('DROP TABLE IF EXISTS %I', format('feed_event_%s', n));
        UPDATE feed_head SET oldest = (n + 1) * size;
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

SELECT feed_make_room(2);
