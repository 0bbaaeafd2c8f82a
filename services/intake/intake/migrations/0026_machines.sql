-- Of a machine: the offices or kecamatan that it is restricted to (none: all below its own place), and what it may ask
-- of us where that is not what every machine may. The release before makes neither, and reads neither: what one that is
-- restricted may do lies in `scopes`, and its `roles` are empty, so that a token of that release lets it do nothing.
ALTER TABLE account
    ADD COLUMN within text[] NOT NULL DEFAULT '{}',
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN quota  jsonb NOT NULL DEFAULT '{}';
