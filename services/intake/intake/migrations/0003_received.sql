-- When the case was received last: what asks the RT head anew, and nothing else does.
ALTER TABLE application ADD COLUMN received_at timestamptz;
