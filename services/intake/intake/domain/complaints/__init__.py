"""Complaints, wishes and questions: what they are, how long they take, who handles them, and what happened to them."""
