-- Who changed or read what, for which case, when: added to, never altered. Written in the transaction of its effect and
-- chained after the commit (kit.chain), one chain for each office. Ids and codes only, nothing of a person.
CREATE TABLE audit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant    text NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    caller    text NOT NULL,
    roles     text[] NOT NULL,
    session   text,
    token     text,
    action    text NOT NULL,
    kind      text NOT NULL,
    object    text,
    about     text[] NOT NULL,
    purpose   text,
    request   text,
    details   jsonb NOT NULL,
    -- the seal: these three alone are written later, together and once
    position  bigint,
    hash      bytea,
    sealed_at timestamptz,
    CHECK ((position IS NULL) = (hash IS NULL) AND (position IS NULL) = (sealed_at IS NULL))
);
CREATE INDEX audit_tail ON audit (tenant, id) WHERE position IS NULL;
CREATE UNIQUE INDEX audit_chain ON audit (tenant, position) WHERE position IS NOT NULL;
CREATE INDEX audit_caller ON audit (caller, at);
CREATE INDEX audit_session ON audit (session, at) WHERE session IS NOT NULL;
CREATE INDEX audit_token ON audit (token, at) WHERE token IS NOT NULL;
CREATE INDEX audit_at ON audit USING brin (at);

-- The last link of each office's chain; its row lock lets one seal at a time.
CREATE TABLE audit_head (
    tenant   text PRIMARY KEY,
    position bigint NOT NULL,
    hash     bytea NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit', 'audit_head'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (tenant, ''*''))', name);
    END LOOP;
END $$;

-- Triggers, since they bind the owner as well.
CREATE OR REPLACE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
        AND ROW(NEW.id, NEW.tenant, NEW.at, NEW.caller, NEW.roles, NEW.session, NEW.token, NEW.action, NEW.kind,
                NEW.object, NEW.about, NEW.purpose, NEW.request, NEW.details)
        IS NOT DISTINCT FROM
            ROW(OLD.id, OLD.tenant, OLD.at, OLD.caller, OLD.roles, OLD.session, OLD.token, OLD.action, OLD.kind,
                OLD.object, OLD.about, OLD.purpose, OLD.request, OLD.details)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();

-- A head goes on, one way only.
CREATE OR REPLACE FUNCTION audit_head_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.tenant = OLD.tenant AND NEW.position > OLD.position THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the head of an audit chain only goes on' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_head_rows BEFORE UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_on();
