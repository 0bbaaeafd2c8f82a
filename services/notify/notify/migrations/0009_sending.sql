-- How a message goes out: by which of our numbers, as what it is paid for, how often it was tried on this channel, which
-- channels are out of the question by now, whether only an approved template is let through, which part is next, whether
-- it is held since nothing of our number goes out, and whether somebody decided to send it once more though it may have
-- arrived. `underway` (machine time) is since when an attempt is out: where it stays, nobody knows what became of it.
-- `provider_ids` are what the channel calls its parts, after the first `earlier`, which were before it was tried
-- anew; `whole`: nothing follows what went last. `pair` is a keyed fingerprint of whom it goes to, so that his messages
-- keep their order.
ALTER TABLE message DROP CONSTRAINT message_status_check,
    ADD CONSTRAINT message_status_check CHECK (status IN ('accepted', 'unknown', 'sent', 'delivered', 'read', 'failed',
        'expired')) NOT VALID,
    ADD COLUMN sender      text,
    ADD COLUMN category    text,
    ADD COLUMN tries       int NOT NULL DEFAULT 0,
    ADD COLUMN tried       text[] NOT NULL DEFAULT '{}',
    ADD COLUMN as_template boolean NOT NULL DEFAULT false,
    ADD COLUMN part        int NOT NULL DEFAULT 0,
    ADD COLUMN held        boolean NOT NULL DEFAULT false,
    ADD COLUMN resent      boolean NOT NULL DEFAULT false,
    ADD COLUMN underway    timestamptz,
    ADD COLUMN provider_ids text[] NOT NULL DEFAULT '{}',
    ADD COLUMN earlier     int NOT NULL DEFAULT 0,
    ADD COLUMN whole       boolean NOT NULL DEFAULT true,
    ADD COLUMN pair        bytea;
ALTER TABLE message VALIDATE CONSTRAINT message_status_check;
CREATE INDEX message_pair ON message (pair, number) WHERE status = 'accepted' AND pair IS NOT NULL;
CREATE INDEX message_provider_ids ON message USING gin (provider_ids);
CREATE INDEX message_held ON message (kelurahan, channel) WHERE held;
CREATE INDEX message_unknown ON message (underway) WHERE status = 'unknown';

-- A number of ours that nothing goes out from: `parked` holds all of it back, but for one attempt at `probe_at`; else it
-- is only known that a message was given up. One row for each office that the number speaks for. Machine time.
CREATE TABLE outage (
    kelurahan text NOT NULL,
    channel   text NOT NULL,
    sender    text NOT NULL,
    parked    boolean NOT NULL,
    reason    text NOT NULL,
    since     timestamptz NOT NULL DEFAULT clock_timestamp(),
    probe_at  timestamptz NOT NULL,
    PRIMARY KEY (channel, sender, kelurahan)
);
CREATE INDEX outage_office ON outage (kelurahan);

-- What was sent, by the office's day: how many, and what they cost, in rupiah.
CREATE TABLE message_cost (
    kelurahan text NOT NULL,
    day       date NOT NULL,
    channel   text NOT NULL,
    sender    text NOT NULL,
    category  text NOT NULL,
    messages  int NOT NULL DEFAULT 0,
    price     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (kelurahan, day, channel, sender, category)
);
CREATE INDEX message_cost_sender ON message_cost (channel, sender, day);

-- The bytes of a letter, for whom it may go to in a chat.
ALTER TABLE letter ADD COLUMN file jsonb;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['outage', 'message_cost']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
