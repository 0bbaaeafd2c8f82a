-- Conversations with applicants: how far each is, by who writes (notify's contact, through all changes of his number).
-- The state is sealed in `people`; `cases` are those that it has to do with, `account_id` is the login that the contact
-- has, the same that a code to his phone opens. One row is one turn at a time: whoever handles a message locks it.
CREATE TABLE conversation (
    kelurahan      text NOT NULL,
    contact_id     uuid NOT NULL,
    person_id      uuid NOT NULL REFERENCES people,
    account_id     uuid,
    cases          uuid[] NOT NULL DEFAULT '{}',
    changed_at     timestamptz NOT NULL,
    PRIMARY KEY (kelurahan, contact_id)
);
CREATE INDEX conversation_cases ON conversation USING gin (cases);
CREATE INDEX conversation_account ON conversation (account_id);
CREATE INDEX conversation_person ON conversation (person_id);
CREATE INDEX conversation_changed ON conversation (kelurahan, changed_at);

-- What lets somebody in without a code: a link that was sent to his own contact, once, to one case.
CREATE TABLE sign_in_link (
    token_hash     bytea PRIMARY KEY,
    kelurahan      text NOT NULL,
    account_id     uuid NOT NULL,
    application_id uuid NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX sign_in_link_case ON sign_in_link (application_id);
CREATE INDEX sign_in_link_account ON sign_in_link (account_id);
CREATE INDEX sign_in_link_expired ON sign_in_link (expires_at);

-- Who wrote, what it is, which case it is about; `office` marks what nobody but a person can answer, until an officer
-- says that he has (`done_at`).
ALTER TABLE incoming_message ADD COLUMN contact_id uuid;
ALTER TABLE incoming_message ADD COLUMN kind text NOT NULL DEFAULT 'text';
ALTER TABLE incoming_message ADD COLUMN application_id uuid;
ALTER TABLE incoming_message ADD COLUMN office boolean NOT NULL DEFAULT false;
ALTER TABLE incoming_message ADD COLUMN done_at timestamptz;
ALTER TABLE incoming_message ADD COLUMN done_by text;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['conversation', 'sign_in_link'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))', name);
    END LOOP;
END $$;
