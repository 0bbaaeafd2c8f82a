-- Positions of the feed between these two were given before a restore to events that may be lost, and are given to nothing
-- else.
CREATE TABLE feed_leap (
    kelurahan text NOT NULL DEFAULT '*' CHECK (kelurahan = '*'),
    after     bigint PRIMARY KEY,
    upto      bigint NOT NULL
);
ALTER TABLE feed_leap ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_leap FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feed_leap USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- `refused` are events that were refused since one was taken (from the fifth on, rounds of them); `rests` is how often the
-- receiver was left alone for what ails it now. `failures` is what the release before counts, and nobody reads any more.
ALTER TABLE subscription ADD COLUMN refused int NOT NULL DEFAULT 0;

-- The log refers to no subscription any more: there are hundreds of thousands of attempts of one, and they go after it by a
-- job.
ALTER TABLE push_attempt DROP CONSTRAINT push_attempt_subscription_id_fkey;
CREATE INDEX push_attempt_event ON push_attempt (subscription_id, event_id);
CREATE INDEX push_attempt_failed ON push_attempt (subscription_id, id) WHERE outcome <> 'delivered';
