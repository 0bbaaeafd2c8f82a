-- What the public sees of a service: its leaflets, made from the version of the SOP that is in force. `closed`:
-- they say that the office receives no visitors. `print` says from what they were made, `made_by` under which name they lie in the object store; without files `problem` says why.
-- `late`: others were asked for and could not be had for now.
CREATE TABLE leaflet (
    kelurahan text NOT NULL,
    service   text NOT NULL,
    version   int NOT NULL,
    closed    boolean NOT NULL,
    print     bytea NOT NULL,
    made_by   uuid,
    files     jsonb NOT NULL DEFAULT '{}',
    problem   text,
    made_at   timestamptz NOT NULL,
    late      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (kelurahan, service),
    CHECK ((problem IS NULL) = (made_by IS NOT NULL))
);
ALTER TABLE leaflet ENABLE ROW LEVEL SECURITY;
ALTER TABLE leaflet FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON leaflet USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
