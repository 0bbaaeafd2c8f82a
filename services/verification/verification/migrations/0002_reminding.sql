-- When whoever is asked now was asked, how often he was reminded, when the next of it is due, and who was asked before
-- him in vain. The office's calendar says when that is.
ALTER TABLE office ADD COLUMN calendar jsonb;
ALTER TABLE task
    ADD COLUMN asked_at    timestamptz,
    ADD COLUMN reminded    int NOT NULL DEFAULT 0,
    ADD COLUMN nudge_at    timestamptz,
    ADD COLUMN passed_over uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX task_nudge ON task (nudge_at) WHERE status = 'open' AND nudge_at IS NOT NULL;
