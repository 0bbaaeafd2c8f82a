-- What channels' servers send, as it came and sealed; kelurahan '*' where it is for several offices, or for none that is
-- known. Machine time. Pruned a week after it came, when all that is in it was done.
CREATE TABLE webhook (
    id          uuid PRIMARY KEY,
    kelurahan   text NOT NULL,
    channel     text NOT NULL,
    sealed      text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX webhook_old ON webhook (received_at);

-- What is in it, each by its position. `number` is the order of arrival; what is of one `line` is done one after the
-- other, and no line waits for another. `held` waits for the sender to say which office he means; `failed` is kept with
-- the reason until somebody decides. `line` and `sender_mark` are made with the service's own key.
CREATE TABLE arrival (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kelurahan  text NOT NULL,
    webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
    position   int NOT NULL,
    line       text NOT NULL,
    sender_mark bytea,
    state      text NOT NULL DEFAULT 'waits' CHECK (state IN ('waits', 'held', 'done', 'failed')),
    reason     text
);
CREATE INDEX arrival_next ON arrival (line, number) WHERE state IN ('waits', 'held');
CREATE INDEX arrival_failed ON arrival (number) WHERE state = 'failed';
CREATE INDEX arrival_webhook ON arrival (webhook_id);
CREATE INDEX arrival_sender ON arrival (sender_mark) WHERE sender_mark IS NOT NULL;

-- Who writes to a number that several offices share, and which of them he means; '*' until he has said so. `asked_at`
-- and `made_at` are machine time.
CREATE TABLE shared_sender (
    id         uuid PRIMARY KEY,
    kelurahan  text NOT NULL,
    channel    text NOT NULL,
    number_id  text NOT NULL,
    line       text NOT NULL,
    sender_mark bytea,
    asked_at   timestamptz,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (channel, number_id, line)
);
CREATE INDEX shared_sender_mark ON shared_sender (sender_mark) WHERE sender_mark IS NOT NULL;
CREATE INDEX shared_sender_old ON shared_sender (coalesce(asked_at, made_at));

-- Who heads an RT or RW: what he writes may be for the service that he works with.
CREATE TABLE officeholder (
    id        uuid PRIMARY KEY,
    kelurahan text NOT NULL,
    person_id uuid NOT NULL REFERENCES people,
    from_date date NOT NULL,
    to_date   date,
    sequence  bigint NOT NULL
);
CREATE INDEX officeholder_person ON officeholder (person_id);

-- What a message is called by its channel is kept as a hash, since numbers are written into it; `file_key` is where its
-- file lies, or will; `told_at` is when the service that it is for was told.
ALTER TABLE incoming
    ADD COLUMN provider_id text,
    ADD COLUMN kind        text NOT NULL DEFAULT 'text',
    ADD COLUMN replies_to  uuid,
    ADD COLUMN file_key    text,
    ADD COLUMN file        jsonb,
    ADD COLUMN problem     text,
    ADD COLUMN told_at     timestamptz;
CREATE UNIQUE INDEX incoming_provider ON incoming (channel, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX incoming_newest ON incoming (kelurahan, id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['webhook', 'arrival', 'shared_sender', 'officeholder']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
                       name);
    END LOOP;
END $$;
