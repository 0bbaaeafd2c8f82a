"""SQL in, domain objects out. Everything here takes the transaction."""
