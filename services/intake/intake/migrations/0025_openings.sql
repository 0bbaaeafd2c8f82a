-- The last day on which those who work at an office were told of its work when it opened.
CREATE TABLE opening (
    kelurahan text PRIMARY KEY,
    day       date NOT NULL
);
ALTER TABLE opening ENABLE ROW LEVEL SECURITY;
ALTER TABLE opening FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON opening USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
