"""The demonstration: made-up people and papers, played against a running stack."""
