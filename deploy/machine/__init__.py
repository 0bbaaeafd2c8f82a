"""What `make setup` does to a machine. Standard library only: it runs before any package is there."""
