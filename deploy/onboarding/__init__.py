"""An office as one file, and the command that brings a running system to what it says."""
