"""Mutants that change nothing anyone can see, each looked at: file in actors/, the right line, the changed one, why."""

EQUIVALENT = [
    ("file_transfers.cpp", "out.ticket = ++last_ticket_;", "out.ticket = --last_ticket_;",
     "tickets are only compared for equality, and need only be different"),
]
