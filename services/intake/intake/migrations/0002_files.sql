-- Files of cases: the original and its viewing copy in the object store, who read them, and links to them.

CREATE TABLE file (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    requirement    text NOT NULL,
    sha256         text NOT NULL,
    size           bigint NOT NULL,
    type           text NOT NULL,
    key            text NOT NULL,
    state          text NOT NULL CHECK (state IN ('checking', 'ready', 'rejected', 'superseded')),
    reason         text,
    view_key       text,
    view_type      text,
    view_size      bigint,
    view_sha256    text,
    original_seen  boolean NOT NULL DEFAULT false,
    uploaded_at    timestamptz NOT NULL,
    uploaded_by    text NOT NULL
);
CREATE INDEX file_case ON file (application_id, id);
-- The same bytes again for the same item of a case are the same file.
CREATE UNIQUE INDEX file_once ON file (application_id, requirement, sha256) WHERE state IN ('checking', 'ready');

CREATE TABLE file_link (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    file_id     uuid NOT NULL REFERENCES file,
    secret_hash bytea NOT NULL,
    reader      text NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked     boolean NOT NULL DEFAULT false
);

-- Who read which file, when and by which right. Never deleted with the file.
CREATE TABLE file_access (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kelurahan text NOT NULL,
    file_id   uuid NOT NULL,
    reader    text NOT NULL,
    via       text NOT NULL CHECK (via IN ('role', 'link', 'grant')),
    copy      text NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX file_access_file ON file_access (file_id, id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['file', 'file_link', 'file_access']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
