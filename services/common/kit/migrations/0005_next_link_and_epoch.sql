-- A row comes without a place in its chain, as every release has written it. (Names are dropped first: there are
-- databases that had both before.)
CREATE OR REPLACE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.position IS NULL THEN
        RETURN NEW;
    END IF;
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

DROP TRIGGER IF EXISTS audit_rows ON audit;
CREATE TRIGGER audit_rows BEFORE INSERT OR UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();

-- Not looked for in the rows that are there: that would hold the table up for as long as it is.
ALTER TABLE audit DROP CONSTRAINT IF EXISTS audit_position_check;
ALTER TABLE audit ADD CONSTRAINT audit_position_check CHECK (position > 0) NOT VALID;

-- A row gets the next place of its office's chain or none: whoever gave one another place would stop the sealing, or
-- hide it from a walk along the chain. The head moves with the rows, and by nothing else. Triggers, since they bind the
-- owner as well; the release before, which moves the head itself, moves it to where it is already.
CREATE OR REPLACE FUNCTION audit_seals_what_comes_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    office record;
    head   audit_head;
BEGIN
    FOR office IN
        SELECT tenant, min(position) AS first, max(position) AS last, count(*) AS rows FROM sealed GROUP BY tenant
    LOOP
        SELECT * INTO head FROM audit_head WHERE tenant = office.tenant FOR UPDATE;
        -- The places of a chain differ (audit_chain): so many between two ends leave no gap.
        IF head IS NULL OR office.first <> head.position + 1 OR office.last <> head.position + office.rows THEN
            RAISE EXCEPTION 'the audit is sealed in order, behind the head of its chain'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE audit_head SET (position, hash) = (SELECT s.position, s.hash FROM sealed s
            WHERE s.tenant = office.tenant AND s.position = office.last) WHERE tenant = office.tenant;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_next AFTER UPDATE ON audit REFERENCING NEW TABLE AS sealed
    FOR EACH STATEMENT EXECUTE FUNCTION audit_seals_what_comes_next();

-- A head begins before the first link, and names the last one there is.
CREATE OR REPLACE FUNCTION audit_head_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.position = 0 AND NEW.hash = decode(repeat('00', 32), 'hex') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.tenant = OLD.tenant AND NEW.position >= OLD.position
        AND EXISTS (SELECT FROM audit WHERE tenant = NEW.tenant AND position = NEW.position AND hash = NEW.hash)
        AND NOT EXISTS (SELECT FROM audit WHERE tenant = NEW.tenant AND position > NEW.position)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the head of an audit chain only goes on' USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER audit_head_rows ON audit_head;
CREATE TRIGGER audit_head_rows BEFORE INSERT OR UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_on();
CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_head_goes_on();

-- An account's tokens of before this epoch count no more, whatever time they say (see kit.ended).
ALTER TABLE ended_access ADD COLUMN epoch bigint;
