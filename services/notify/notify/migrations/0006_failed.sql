-- An office's messages that failed stand first on its page: they are found without reading those that did not.
CREATE INDEX message_failed ON message (kelurahan, number) WHERE status = 'failed';
