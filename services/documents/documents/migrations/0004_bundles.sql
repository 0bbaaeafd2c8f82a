-- The files that a case has now: photographs of a hand-over count from the newest on, and a bundle prints all of them.
ALTER TABLE application ADD COLUMN files jsonb NOT NULL DEFAULT '[]';
ALTER TABLE application ADD COLUMN agenda_number text;

-- Everything of a case in one PDF, to be printed; it goes after a while. `print` says of which state of the case it is.
CREATE TABLE bundle (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL,
    print          bytea NOT NULL,
    status         text NOT NULL CHECK (status IN ('making', 'ready', 'failed')),
    problem        text,
    key            text,
    sha256         text,
    size           bigint,
    pages          int,
    asked_at       timestamptz NOT NULL,
    made_at        timestamptz,
    CHECK ((status = 'ready') = (key IS NOT NULL))
);
CREATE UNIQUE INDEX bundle_print ON bundle (application_id, print) WHERE status <> 'failed';
CREATE INDEX bundle_asked ON bundle (asked_at);
ALTER TABLE bundle ENABLE ROW LEVEL SECURITY;
ALTER TABLE bundle FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bundle USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
