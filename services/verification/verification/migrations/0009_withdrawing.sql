-- Links are named by an id, since nobody knows their tokens, and can be taken back: they count as expired from then on,
-- which the previous release looks at too.
ALTER TABLE link
    ADD COLUMN id           uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN withdrawn_at timestamptz;
CREATE UNIQUE INDEX link_id ON link (id);
