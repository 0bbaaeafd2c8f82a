-- Who may come in: people by their phone, staff by name and password, machines by a key. Who they are is sealed in
-- `people`; `known_by` is a keyed fingerprint of the phone or the name. `kelurahan` is the office, for staff of a
-- kecamatan or a city the code of that.
CREATE TABLE account (
    id               uuid PRIMARY KEY,
    kelurahan        text NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('person', 'staff', 'machine')),
    known_by         bytea NOT NULL,
    person_id        uuid NOT NULL REFERENCES people,
    roles            text[] NOT NULL,
    state            text NOT NULL CHECK (state IN ('invited', 'active', 'closed')),
    password_hash    text,
    totp_step        bigint NOT NULL DEFAULT 0,
    invitation_hash  bytea UNIQUE,
    invitation_until timestamptz,
    made_at          timestamptz NOT NULL,
    made_by          text NOT NULL,
    version          int NOT NULL DEFAULT 1,
    UNIQUE (kelurahan, kind, known_by)
);
CREATE INDEX account_list ON account (kelurahan, kind, id);

-- One code on its way to a phone, as a keyed fingerprint.
CREATE TABLE sign_in_code (
    kelurahan  text NOT NULL,
    known_by   bytea NOT NULL,
    code_hash  bytea NOT NULL,
    tries      int NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (kelurahan, known_by)
);

-- Somebody who is signed in. The refresh token is changed with each use; one that comes again tells of a theft.
CREATE TABLE session (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account,
    kelurahan    text NOT NULL,
    device       text NOT NULL,
    began_at     timestamptz NOT NULL,
    used_at      timestamptz NOT NULL,
    rests_until  timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_why    text CHECK (ended_why IN ('signed_out', 'ended', 'token_reused', 'account_closed', 'password_changed')),
    refresh_hash bytea NOT NULL UNIQUE
);
CREATE INDEX session_account ON session (account_id, id) WHERE ended_at IS NULL;
CREATE TABLE used_refresh (
    hash       bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    kelurahan  text NOT NULL,
    used_at    timestamptz NOT NULL
);
CREATE INDEX used_refresh_session ON used_refresh (session_id);

-- The keys of a machine: two at a time, so that they change without a pause.
CREATE TABLE machine_key (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    kelurahan  text NOT NULL,
    key_hash   bytea NOT NULL UNIQUE,
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX machine_key_account ON machine_key (account_id, ends_at);

-- Who heads an RT or RW, known again by the phone: a copy of verification's.
CREATE TABLE officeholder (
    officeholder_id uuid PRIMARY KEY,
    kelurahan       text NOT NULL,
    rw              text NOT NULL,
    rt              text,
    role            text NOT NULL,
    from_date       date NOT NULL,
    to_date         date,
    known_by        bytea,
    sequence        bigint NOT NULL
);
CREATE INDEX officeholder_known_by ON officeholder (kelurahan, known_by);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account', 'sign_in_code', 'session', 'used_refresh', 'machine_key', 'officeholder'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))', name);
    END LOOP;
END $$;
