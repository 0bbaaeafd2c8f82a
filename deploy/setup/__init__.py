"""First steps of every installation: secrets, databases, buckets. Run locally and in containers alike."""
