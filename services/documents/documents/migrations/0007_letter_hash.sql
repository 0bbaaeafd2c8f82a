-- Whether a stranger's file is a letter of ours is asked by its bytes' hash.
CREATE INDEX letter_sha256 ON letter (sha256) WHERE sha256 IS NOT NULL;
