-- A sign-in with the city's identity provider that somebody began: what has to come back, as hashes. It is nobody's
-- office yet ('-'). `browser_hash` is of the cookie, `nonce_hash` of what the ID token has to name.
CREATE TABLE provider_sign_in (
    state_hash   bytea PRIMARY KEY,
    kelurahan    text NOT NULL DEFAULT '-',
    browser_hash bytea NOT NULL,
    nonce_hash   bytea NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX provider_sign_in_expired ON provider_sign_in (expires_at);
ALTER TABLE provider_sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_sign_in FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON provider_sign_in USING (current_setting('app.tenant', true) IN (kelurahan, '*'));

-- Whoever comes by the provider is looked for in all offices.
CREATE INDEX account_known_by ON account (known_by) WHERE kind = 'staff';
