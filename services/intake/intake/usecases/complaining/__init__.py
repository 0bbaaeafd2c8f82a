"""Complaints, wishes and questions: filed, followed, handled, escalated, told and erased."""
