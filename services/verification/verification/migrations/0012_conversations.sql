-- Where a conversation with an RT head or a neighbour stands: the number that he wrote from, what he was asked last and
-- what he has said so far. One row for each of notify's contacts, locked for the length of a turn.
CREATE TABLE conversation (
    contact_id uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    task_id    uuid,
    sealed     text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX conversation_task ON conversation (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX conversation_old ON conversation (kelurahan, changed_at);
ALTER TABLE conversation ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
