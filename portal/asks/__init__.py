"""Favours asked of one advocate: the light, the caps, the ask from brief to thanks, and the ledger of asks and gives."""
