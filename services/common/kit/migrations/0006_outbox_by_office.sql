-- What each office has to tell, so that the relay can take of each its share.
CREATE INDEX outbox_waiting_by_tenant ON outbox (tenant, id) WHERE published_at IS NULL;
