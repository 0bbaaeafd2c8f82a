-- What months are made of: one line per case and thing that happened or was measured; the last word on each counts.
CREATE TABLE figure_line (
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    what           text NOT NULL,
    service        text NOT NULL,
    month          date NOT NULL,
    was_month      date,
    minutes        int,
    met            boolean,
    counted        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (application_id, what)
);
CREATE INDEX figure_line_month ON figure_line (kelurahan, month);
CREATE INDEX figure_line_uncounted ON figure_line (kelurahan, month) WHERE NOT counted;
CREATE INDEX figure_line_moved ON figure_line (kelurahan, was_month) WHERE was_month IS NOT NULL;

CREATE TABLE figure_month (
    kelurahan   text NOT NULL,
    month       date NOT NULL,
    data        jsonb NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (kelurahan, month)
);
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['figure_line', 'figure_month']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;

-- Since when a case is where it is, and the working minutes that each step has taken so far.
ALTER TABLE application
    ADD COLUMN status_since              timestamptz,
    ADD COLUMN spent                     jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN introduction_requested_at timestamptz;
