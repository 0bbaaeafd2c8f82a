-- What neighbours say: a task of a kind of its own, with the person who is asked, and every answer that was ever given.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'task'::regclass AND contype = 'c'
        AND (pg_get_constraintdef(oid) LIKE '%''attestation''%' OR pg_get_constraintdef(oid) LIKE '%outcome%')
    LOOP
        EXECUTE format('ALTER TABLE task DROP CONSTRAINT %I', name);
    END LOOP;
END $$;
ALTER TABLE task
    ADD COLUMN position   text,
    ADD COLUMN witness_id uuid REFERENCES people,
    ADD CHECK (kind IN ('introduction', 'attestation', 'statement')),
    ADD CHECK ((kind = 'introduction') = (introduction_id IS NOT NULL)),
    ADD CHECK ((kind = 'statement') = (witness_id IS NOT NULL)),
    ADD CHECK (outcome IN ('granted', 'refused', 'judged', 'passed', 'failed',
                           'confirmed', 'objected', 'declined', 'absent', 'no_answer')),
    ADD CHECK (status <> 'done' OR outcome IS NOT NULL),
    ADD CHECK (outcome IS NULL OR status = 'done' OR kind = 'statement');

-- Every answer of a neighbour: a later one replaces an earlier, and an objection is never lost.
CREATE TABLE statement (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    task_id   uuid NOT NULL REFERENCES task,
    answer    text NOT NULL CHECK (answer IN ('confirmed', 'objected', 'declined', 'absent', 'no_answer')),
    note_id   uuid REFERENCES people,
    said_at   timestamptz NOT NULL,
    said_by   text NOT NULL
);
CREATE INDEX statement_task ON statement (task_id);
ALTER TABLE statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE statement FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON statement USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- A neighbour's link and messages are his own: he holds no office.
ALTER TABLE link ALTER COLUMN officeholder_id DROP NOT NULL;
ALTER TABLE message ALTER COLUMN officeholder_id DROP NOT NULL;
ALTER TABLE sop ADD COLUMN witnesses jsonb;
