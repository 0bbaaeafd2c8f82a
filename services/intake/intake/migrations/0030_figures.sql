-- Lines of figures are about anything, not only about cases: a line's subject says what, `part` to which part of a whole
-- it belongs, `amount` what was measured (working minutes, working days). One that holds no more has no month.
ALTER TABLE figure_line RENAME TO figure;
ALTER TABLE figure RENAME COLUMN application_id TO subject_id;
ALTER TABLE figure RENAME COLUMN minutes TO amount;
ALTER TABLE figure DROP CONSTRAINT figure_line_application_id_fkey;
ALTER TABLE figure
    ADD COLUMN part text NOT NULL DEFAULT '',
    ALTER COLUMN service DROP NOT NULL,
    ALTER COLUMN month DROP NOT NULL;
ALTER INDEX figure_line_pkey RENAME TO figure_pkey;
ALTER INDEX figure_line_month RENAME TO figure_of_month;
ALTER INDEX figure_line_uncounted RENAME TO figure_uncounted;
ALTER INDEX figure_line_moved RENAME TO figure_moved;
-- Months in the shape of the release before, which goes on counting while it runs beside this one.
CREATE INDEX figure_month_before ON figure_month (kelurahan, month) WHERE NOT (data -> 'total') ? 'complaints';

-- As the release before writes them. A later one takes it away.
CREATE VIEW figure_line WITH (security_invoker = true) AS
    SELECT kelurahan, subject_id AS application_id, what, service, month, was_month, amount AS minutes, met, counted
    FROM figure;

-- By which calendar and target an office worked from when on: what was measured then stays, and can be measured again.
CREATE TABLE office_terms (
    kelurahan         text NOT NULL,
    since             timestamptz NOT NULL,
    zone              text NOT NULL,
    calendar          jsonb NOT NULL,
    introduction_days int NOT NULL,
    PRIMARY KEY (kelurahan, since)
);
ALTER TABLE office_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE office_terms FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON office_terms USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
INSERT INTO office_terms (kelurahan, since, zone, calendar, introduction_days)
    SELECT kelurahan, '2000-01-01', data ->> 'zone', data -> 'calendar',
           coalesce((data -> 'targets' ->> 'introduction_days')::int, 1)
    FROM office;

-- What is measured from this release on is measured of what has been as well.
INSERT INTO job (id, kind, tenant, payload) SELECT gen_random_uuid(), 'refigure', kelurahan, '{}' FROM office;
