-- The earliest job of each kind and office: who looks for one kind does not pass by all that waits of another. It takes
-- the place of the index without the kind, which would be chosen where both are there. That one goes first, so that no
-- worker that runs meanwhile holds a lock which this waits for while it waits for ours.
DROP INDEX job_ready;
CREATE INDEX job_ready_by_kind ON job (kind, tenant, run_at) WHERE state = 'ready';
