"""What an incident is made of beside its messages and promises, and what it owes: its record, people, clock, gates and action items.

Pure, like all rooms below `usecases/`. It stands above the ledger, because what an incident may become depends on its promises.
"""
