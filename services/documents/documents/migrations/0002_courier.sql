-- A courier carries the papers: what it costs whom, the recipient's code, how often nobody was met or the code was wrong.
ALTER TABLE handover
    ADD COLUMN price      int CHECK (price >= 0),
    ADD COLUMN payer      text CHECK (payer IN ('applicant', 'office')),
    ADD COLUMN code_hash  bytea,
    ADD COLUMN code_tries int NOT NULL DEFAULT 0,
    ADD COLUMN attempts   int NOT NULL DEFAULT 0;
