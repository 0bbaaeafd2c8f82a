"""How the system is set up and started, with Docker and without."""
