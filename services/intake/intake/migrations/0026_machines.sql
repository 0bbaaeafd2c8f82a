-- Of a machine: the offices or kecamatan that it is restricted to (none: all below its own place), and what it may ask
-- of us where that is not what every machine may. The release before makes neither, and reads neither.
ALTER TABLE account
    ADD COLUMN within text[] NOT NULL DEFAULT '{}',
    ADD COLUMN quota  jsonb NOT NULL DEFAULT '{}';
