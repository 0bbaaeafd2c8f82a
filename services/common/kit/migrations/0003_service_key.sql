-- Keys that a service made for itself, sealed with its ring: what they sign stays good when the ring's keys change.
CREATE TABLE service_key (
    purpose text PRIMARY KEY,
    sealed  text NOT NULL
);
