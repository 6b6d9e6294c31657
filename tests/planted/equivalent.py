"""Mutants that change nothing anyone can see, each looked at: file in actors/, the right line, the changed one, why."""

EQUIVALENT = [
]
