"""Known vulnerabilities among the locked packages."""
