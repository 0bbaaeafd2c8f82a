-- Who was here how often lately, by a keyed fingerprint. Not logged: after a crash it is empty, and that is all.
CREATE UNLOGGED TABLE rate (
    key     bytea PRIMARY KEY,
    full_at timestamptz NOT NULL
);
CREATE INDEX rate_full_at ON rate (full_at);

-- Sessions and accounts whose tokens count no more although their time is not up.
CREATE TABLE ended_access (
    key      text PRIMARY KEY,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ended_access_ended_at ON ended_access (ended_at);
