-- 0005 meant to do this, and met no row: its owner was bound by row-level security. Letters that were numbered before it
-- are approved, as they were decided; a sheet that was prepared for one meanwhile makes way for the letter itself.
INSERT INTO job (id, kind, tenant, key, payload)
    SELECT gen_random_uuid(), 'issue_letter', kelurahan, id::text, jsonb_build_object('letter_id', id) FROM letter
    WHERE method IS NULL AND status = 'numbered' AND prepared_key IS NOT NULL
    ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING;
UPDATE letter SET method = 'approval', prepared_key = NULL, prepared_sha256 = NULL
    WHERE number IS NOT NULL AND method IS NULL;
