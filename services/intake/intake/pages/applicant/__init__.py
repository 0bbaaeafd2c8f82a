"""Pages of whoever applies: a case from the first question to the letter, and what is kept about a person."""
