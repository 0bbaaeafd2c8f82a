-- Where the office wants it, the head of the RW acknowledges what the RT head granted: until then the grant waits.
ALTER TABLE office ADD COLUMN rw_acknowledges boolean NOT NULL DEFAULT false;
ALTER TABLE task
    ADD COLUMN granted_by      uuid REFERENCES officeholder,
    ADD COLUMN granted_print   bytea,
    ADD COLUMN owner_agrees    boolean,
    ADD COLUMN acknowledged_by uuid REFERENCES officeholder;
