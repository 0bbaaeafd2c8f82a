"""`/keluhan`: complaints, wishes and questions of everybody, and how each stands."""
