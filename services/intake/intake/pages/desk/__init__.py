"""The officer's desk: what lies in the office, a case on one screen with all that may be done, the counter."""
