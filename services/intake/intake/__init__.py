"""intake: offices, catalogue, applications and files. Here a case begins, and here it is kept."""
