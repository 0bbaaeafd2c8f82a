"""A conversation with an applicant: what people write, how far it is, what is asked next. Pure."""
