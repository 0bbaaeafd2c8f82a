"""SQL in, domain objects out; every function takes the transaction."""
