-- What an office puts in place of a layout's own words, per kind; version 0 is the draft. A published version never
-- changes, so that a letter's record of the version that it was drawn up with can be looked up.
CREATE TABLE office_template (
    kelurahan    text NOT NULL,
    kind         text NOT NULL,
    version      int NOT NULL CHECK (version >= 0),
    status       text NOT NULL CHECK (status IN ('draft', 'published', 'superseded')),
    data         jsonb NOT NULL,
    by           text NOT NULL,
    at           timestamptz NOT NULL,
    published_by text,
    published_at timestamptz,
    revision     int NOT NULL DEFAULT 1,
    PRIMARY KEY (kelurahan, kind, version),
    CHECK ((status = 'draft') = (version = 0)),
    CHECK ((status = 'draft') = (published_at IS NULL))
);
CREATE UNIQUE INDEX office_template_in_force ON office_template (kelurahan, kind) WHERE status = 'published';

-- The emblem of the letterhead; the picture lies in the object store under its hash.
CREATE TABLE office_emblem (
    kelurahan text PRIMARY KEY,
    key       text NOT NULL,
    sha256    text NOT NULL,
    size      int NOT NULL,
    width     int NOT NULL,
    height    int NOT NULL,
    by        text NOT NULL,
    at        timestamptz NOT NULL
);

-- What an officer adds to one letter; the words lie sealed with all others about people.
CREATE TABLE letter_paragraph (
    letter_id uuid PRIMARY KEY REFERENCES letter,
    kelurahan text NOT NULL,
    person_id uuid NOT NULL REFERENCES people
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['office_template', 'office_emblem', 'letter_paragraph'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
            name);
    END LOOP;
END $$;
