-- After the rows, in a transaction of its own: one that holds rows and then waits for whoever writes may wait for ever.
CREATE UNIQUE INDEX link_id ON link (id);
