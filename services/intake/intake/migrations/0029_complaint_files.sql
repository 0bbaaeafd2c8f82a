-- Of what 0028 adds, in another transaction than its column. The same bytes again for a complaint are the same file.
CREATE UNIQUE INDEX file_of_complaint ON file (complaint_id, sha256)
    WHERE complaint_id IS NOT NULL AND state IN ('checking', 'ready');
CREATE INDEX file_complaint ON file (complaint_id, id) WHERE complaint_id IS NOT NULL;
