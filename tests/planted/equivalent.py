"""Mutants that change nothing anyone can see, each looked at: file, the right line, the changed one, why."""

EQUIVALENT = [
    ("actors/file_transfers.cpp", "out.ticket = ++last_ticket_;", "out.ticket = --last_ticket_;",
     "tickets are only compared for equality, and need only be different"),
    ("storage/store_rows.cpp", "insert->bind_null(6);", ";", "a run clears what was bound, and what is not bound is null"),
]
