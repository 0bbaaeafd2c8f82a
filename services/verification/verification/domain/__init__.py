"""The rules of verification. Pure: no Flask, no SQL, no network."""
