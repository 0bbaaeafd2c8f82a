-- What neighbours said of a case, without names: it is in the timeline, and the case may wait for them.
ALTER TABLE task ADD COLUMN outcome text, ADD COLUMN position text;
ALTER TABLE application DROP CONSTRAINT application_verification_check,
    ADD CHECK (verification IN ('none', 'asked', 'witnesses', 'failed', 'passed', 'overridden'));
