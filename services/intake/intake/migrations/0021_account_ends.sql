-- Accesses that were taken away: a backup from before brings them back, and a restore ends them again. Ids and codes only;
-- rows stay. Ends of machines' keys stand in `machine_key`. `at` is business time, as in `erasure`.
CREATE TABLE account_end (
    id         uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('left', 'closed', 'invited', 'roles')),
    account_id uuid NOT NULL,
    roles      text[] NOT NULL DEFAULT '{}',
    at         timestamptz NOT NULL,
    CHECK ((kind = 'roles') = (roles <> '{}'))
);
CREATE INDEX account_end_at ON account_end (at, id);
ALTER TABLE account_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_end FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account_end USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- When those that are closed were, nobody has noted: from now on is what every earlier backup asks for.
INSERT INTO account_end (id, kelurahan, kind, account_id, at)
    SELECT gen_random_uuid(), kelurahan, 'closed', id,
           clock_timestamp() + make_interval(secs => (SELECT offset_seconds FROM clock))
    FROM account WHERE state = 'closed';

-- Of what 0019 keeps, in another transaction than its columns: who reads these tables goes on while they are read through.
CREATE INDEX task_alone ON task (kelurahan, (coalesce(closed_at, kept_at)), id)
    WHERE kind = 'introduction' AND application_id IS NULL AND status <> 'open';
CREATE INDEX record_due ON record (due_at, id) WHERE state <> 'ready';
CREATE INDEX erasure_due ON erasure (due_at, application_id) WHERE done_at IS NULL;
