-- A link is good for the number that it went to: whoever has an officeholder's old number cannot use it any more.
ALTER TABLE link ADD COLUMN phone_index bytea;
