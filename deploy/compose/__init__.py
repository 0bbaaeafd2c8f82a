"""What Docker Compose needs beside compose.yaml."""
