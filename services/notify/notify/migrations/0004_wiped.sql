-- A code that opens something is not kept once its time is over, or as soon as a real channel has taken it.
ALTER TABLE message ADD COLUMN wiped boolean NOT NULL DEFAULT false;
CREATE INDEX message_to_wipe ON message (expires_at) WHERE message_class = 'code' AND NOT wiped AND expires_at IS NOT NULL;
