-- Links of before get their ids: row after row, while the table is read and added to.
UPDATE link SET id = gen_random_uuid() WHERE id IS NULL;
