-- Cases that are erased, so that no late news brings their data back. Ids and counts only.
CREATE TABLE erased_case (
    application_id  uuid PRIMARY KEY,
    introduction_id uuid,
    kelurahan       text NOT NULL,
    why             text NOT NULL CHECK (why IN ('retention', 'person', 'operator')),
    begun_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    counts          jsonb NOT NULL DEFAULT '{}',
    done_at         timestamptz
);
CREATE INDEX erased_case_introduction ON erased_case (introduction_id) WHERE introduction_id IS NOT NULL;
ALTER TABLE erased_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_case FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erased_case USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- What belongs to no case goes by its age, as the office says.
ALTER TABLE office ADD COLUMN retention jsonb NOT NULL DEFAULT '{}';
CREATE INDEX incoming_old ON incoming (kelurahan, received_at) WHERE task_id IS NULL;

-- What the person of a case agreed to, or wants no more.
ALTER TABLE application ADD COLUMN consents jsonb NOT NULL DEFAULT '{}';
