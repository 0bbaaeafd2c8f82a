"""SQL in, domain objects out; always takes the transaction."""
