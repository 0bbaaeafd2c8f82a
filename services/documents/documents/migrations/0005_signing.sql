-- How a letter is signed, who initialled it, what waits to be signed; `replaces` is the void letter in whose place it is.
ALTER TABLE letter DROP CONSTRAINT letter_status_check,
    ADD CHECK (status IN ('drafting', 'drafted', 'sent_back', 'numbered', 'signing', 'unknown', 'issued', 'void',
        'cancelled')),
    ADD CHECK (form OR status NOT IN ('signing', 'unknown') OR (number IS NOT NULL AND token IS NOT NULL)),
    ADD COLUMN method          text CHECK (method IN ('approval', 'by_hand', 'certificate', 'bsre')),
    ADD COLUMN certified       boolean,
    ADD COLUMN certificate_issuer text,
    ADD COLUMN initialled_by   text,
    ADD COLUMN prepared_key    text,
    ADD COLUMN prepared_sha256 text,
    ADD COLUMN signing_since   timestamptz,
    ADD COLUMN replaces        uuid REFERENCES letter;
UPDATE letter SET method = 'approval' WHERE number IS NOT NULL;
CREATE INDEX letter_replaces ON letter (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX letter_signing ON letter (signing_since) WHERE status = 'signing';

-- A signer's certificate. The PKCS#12 file lies sealed among the people's data; its passphrase is never kept.
CREATE TABLE certificate (
    id           uuid PRIMARY KEY,
    kelurahan    text NOT NULL,
    account      text NOT NULL,
    person_id    uuid NOT NULL REFERENCES people,
    sha256       text NOT NULL,
    certified    boolean NOT NULL,
    issuer       text NOT NULL,
    not_before   timestamptz NOT NULL,
    not_after    timestamptz NOT NULL,
    kept_at      timestamptz NOT NULL,
    -- Wrong passphrases, counted by machine time.
    tries        int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    UNIQUE (kelurahan, account)
);
ALTER TABLE certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON certificate USING (current_setting('app.tenant', true) IN (kelurahan, '*'));
