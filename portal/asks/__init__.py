"""Favours asked of one advocate: the gate, caps, answers, outcomes, thanks, the ledger of asks and gives."""
