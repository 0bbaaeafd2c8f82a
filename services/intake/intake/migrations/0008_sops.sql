-- SOPs that change: drafts, who changed what, and services that are not offered any more.
CREATE TABLE sop_draft (
    id         uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    service    text NOT NULL,
    based_on   int,
    data       jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    version    int NOT NULL DEFAULT 1,
    UNIQUE (kelurahan, service)
);
CREATE TABLE sop_change (
    id         uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    service    text NOT NULL,
    at         timestamptz NOT NULL,
    by_role    text NOT NULL,
    by_account text NOT NULL,
    action     text NOT NULL CHECK (action IN ('drafted', 'edited', 'discarded', 'published', 'retired')),
    version    int,
    parts      jsonb NOT NULL
);
CREATE INDEX sop_change_service ON sop_change (kelurahan, service, id);
CREATE TABLE sop_retirement (
    kelurahan text NOT NULL,
    service   text NOT NULL,
    from_date date NOT NULL,
    PRIMARY KEY (kelurahan, service)
);
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['sop_draft', 'sop_change', 'sop_retirement']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;

-- What an officer does without in a case, and why.
ALTER TABLE application ADD COLUMN waived jsonb NOT NULL DEFAULT '{}';
CREATE INDEX application_service ON application (kelurahan, service, id);
