"""Benchmarks: ratios taken in one run, both sides real, interleaved (`make bench`)."""
