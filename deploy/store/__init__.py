"""Who may do what in the object store. Nothing else here or in the services speaks a server's administration."""
