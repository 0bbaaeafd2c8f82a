-- A denial is a word of its own; a retirement is of the versions that there were.
ALTER TABLE application DROP CONSTRAINT application_consent_check,
    ADD CHECK (consent IN ('none', 'code', 'rt_head_word', 'in_person', 'denied', 'revoked'));
ALTER TABLE sop_retirement ADD COLUMN up_to int NOT NULL DEFAULT 2147483647;

-- Cases that were in the office before deadlines were watched are watched from their last change on.
UPDATE application SET warned_at = changed_at, next_warning_at = changed_at
WHERE warned_at IS NULL AND status IN ('submitted', 'received', 'verified');
