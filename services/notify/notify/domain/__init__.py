"""The rules: pure, without database, network or web."""
