-- The survey after a finished case: one invitation and one answer of each, by the case's id. Only the hash of the link is
-- kept. What somebody writes besides the nine scores lies with the other personal data, and goes with the case.
CREATE TABLE survey (
    application_id uuid PRIMARY KEY REFERENCES application,
    kelurahan      text NOT NULL,
    service        text NOT NULL,
    token_hash     bytea NOT NULL UNIQUE,
    contact_id     uuid,
    message_id     uuid NOT NULL,
    invited_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    corrected      boolean NOT NULL DEFAULT false,
    answered_at    timestamptz,
    way            text CHECK (way IN ('link', 'chat')),
    scores         smallint[] CHECK (array_length(scores, 1) = 9 AND 1 <= ALL (scores) AND 4 >= ALL (scores)),
    person_id      uuid REFERENCES people,
    CHECK ((answered_at IS NULL) = (scores IS NULL) AND (answered_at IS NULL) = (way IS NULL)),
    CHECK (person_id IS NULL OR answered_at IS NOT NULL)
);
CREATE INDEX survey_contact ON survey (contact_id) WHERE answered_at IS NULL AND contact_id IS NOT NULL;
CREATE INDEX survey_comment ON survey (kelurahan, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX survey_person ON survey (person_id) WHERE person_id IS NOT NULL;

-- Counted in the transaction of each invitation and answer, so that no index is a matter of reading answers. They name
-- nobody, and stay when a case is erased.
CREATE TABLE survey_count (
    kelurahan text NOT NULL,
    month     date NOT NULL,
    service   text NOT NULL,
    element   smallint NOT NULL CHECK (element BETWEEN 1 AND 9),
    score     smallint NOT NULL CHECK (score BETWEEN 1 AND 4),
    answers   int NOT NULL,
    PRIMARY KEY (kelurahan, month, service, element, score)
);
CREATE TABLE survey_asked (
    kelurahan text NOT NULL,
    month     date NOT NULL,
    service   text NOT NULL,
    asked     int NOT NULL,
    PRIMARY KEY (kelurahan, month, service)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['survey', 'survey_count', 'survey_asked'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))', name);
    END LOOP;
END $$;
