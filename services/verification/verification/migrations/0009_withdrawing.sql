-- Links are named by an id, since nobody knows their tokens, and can be taken back: they count as expired from then on,
-- which the previous release looks at too. Those that come get id and moment by themselves, from whichever release; those
-- that are there an id with the next migration, so that none of this writes the table anew while it is locked.
ALTER TABLE link
    ADD COLUMN id           uuid,
    ADD COLUMN made_at      timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE link
    ALTER COLUMN id SET DEFAULT gen_random_uuid(),
    ALTER COLUMN made_at SET DEFAULT clock_timestamp();
