"""Verification: neighbourhoods, who heads them, and what these attest."""
