-- Of what 0023 adds, in another transaction than its columns: who reads this table goes on while it is read through.
CREATE INDEX incoming_message_contact ON incoming_message (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX incoming_message_case ON incoming_message (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX incoming_message_office ON incoming_message (kelurahan, received_at, id) WHERE office AND done_at IS NULL;
