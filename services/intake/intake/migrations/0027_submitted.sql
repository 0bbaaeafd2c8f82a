-- Cases of a period, for other systems: a batch costs the same wherever in the period it lies.
CREATE INDEX application_submitted ON application (kelurahan, submitted_at, id) WHERE submitted_at IS NOT NULL;
