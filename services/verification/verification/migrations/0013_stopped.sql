-- An officeholder who wants no more messages on his number cannot be asked: since when, and when that was last said.
ALTER TABLE officeholder
    ADD COLUMN stopped_at timestamptz,
    ADD COLUMN reach_changed_at timestamptz;
