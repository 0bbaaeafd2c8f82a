-- When the person was told that a case which nobody takes up will end.
ALTER TABLE application ADD COLUMN idle_told_at timestamptz;
