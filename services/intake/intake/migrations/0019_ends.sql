-- When the person of a case was told that its data will go, and by which message; nothing goes by its age before that.
-- Nothing in this file reads a table through: what it locks, it locks for a moment.
ALTER TABLE application
    ADD COLUMN erasure_told_at    timestamptz,
    ADD COLUMN erasure_message_id uuid;

-- An introduction that an RT head began and that became no case is kept as long as a case, counted from its end; of what
-- an earlier release kept, from now on. now() is the same for all rows, so none is written anew; those that come have
-- their own moment.
ALTER TABLE task
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN kept_at   timestamptz NOT NULL DEFAULT now();
ALTER TABLE task ALTER COLUMN kept_at SET DEFAULT clock_timestamp();

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
ALTER TABLE correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE correction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON correction USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
