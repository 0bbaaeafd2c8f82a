-- From when to when a version of a service is offered: an RT head introduces nobody for a service that is not.
ALTER TABLE sop ADD COLUMN effective_from date, ADD COLUMN retired_from date;
