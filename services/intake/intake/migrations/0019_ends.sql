-- When the person of a case was told that its data will go; nothing goes by its age before that.
ALTER TABLE application ADD COLUMN erasure_told_at timestamptz;

-- An introduction that an RT head began and that became no case is kept as long as a case, counted from its end; of what
-- an earlier release kept, from now on.
ALTER TABLE task
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN kept_at   timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX task_alone ON task (kelurahan, (coalesce(closed_at, kept_at)), id)
    WHERE kind = 'introduction' AND application_id IS NULL AND status <> 'open';

-- What only an officer can correct: asked for in words, which lie with the other personal data, and answered in time.
CREATE TABLE correction (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    person_id      uuid NOT NULL REFERENCES people,
    state          text NOT NULL CHECK (state IN ('asked', 'done', 'refused')),
    requested_at   timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    answered_at    timestamptz CHECK ((state = 'asked') = (answered_at IS NULL))
);
CREATE INDEX correction_case ON correction (application_id, id);
CREATE INDEX correction_due ON correction (due_at, id) WHERE state = 'asked';
CREATE INDEX record_due ON record (due_at, id) WHERE state <> 'ready';
CREATE INDEX erasure_due ON erasure (due_at, application_id) WHERE done_at IS NULL;
ALTER TABLE correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE correction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON correction USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
