-- How each hand-over stood when it was last told, so that the same state told again says nothing.
CREATE TABLE handover (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    status    text NOT NULL,
    at        timestamptz NOT NULL,
    sequence  bigint NOT NULL
);
ALTER TABLE handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE handover FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON handover USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
