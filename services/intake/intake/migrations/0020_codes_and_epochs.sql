-- A code on its way to a phone, found by the id that whoever asked for it was handed (kept as a hash): tries count for
-- that id alone, so that a stranger who asks, or guesses, takes nothing from the code of somebody else. It takes the
-- place of sign_in_code, which only the release before still writes and a later one removes.
CREATE TABLE sent_code (
    id_hash    bytea PRIMARY KEY,
    kelurahan  text NOT NULL,
    known_by   bytea NOT NULL,
    code_hash  bytea NOT NULL,
    tries      int NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sent_code_known_by ON sent_code (kelurahan, known_by);
CREATE INDEX sent_code_expired ON sent_code (expires_at);
ALTER TABLE sent_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE sent_code FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sent_code USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- Counts what makes an account's tokens count no more: a token names the epoch that it was made in.
ALTER TABLE account ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
