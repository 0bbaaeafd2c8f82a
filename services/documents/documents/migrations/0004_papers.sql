-- Which photographs of a hand-over the case has now: only one that came after the papers left counts for them.
ALTER TABLE application ADD COLUMN papers jsonb NOT NULL DEFAULT '{}';
