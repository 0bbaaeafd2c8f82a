"""What letters are and what may become of them. Pure: no Flask, no SQL, no network."""
