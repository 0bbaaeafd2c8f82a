-- What a channel calls a message, to find it again when a receipt comes.
ALTER TABLE message ADD COLUMN provider_id text;
CREATE UNIQUE INDEX message_provider ON message (channel, provider_id) WHERE provider_id IS NOT NULL;

-- How to complain, as the service's SOP has it. Copies from before have it when the service is told again.
ALTER TABLE sop ADD COLUMN complaint jsonb NOT NULL DEFAULT '{}';
