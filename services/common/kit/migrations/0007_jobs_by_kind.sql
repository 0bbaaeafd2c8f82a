-- The earliest job of each kind and office, so that who looks for one kind does not pass by all that waits of another.
-- `job_ready` is the former release's, whose workers may still run, and goes with the next.
CREATE INDEX job_ready_by_kind ON job (kind, tenant, run_at) WHERE state = 'ready';
