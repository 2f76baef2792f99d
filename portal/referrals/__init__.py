"""Leads, candidates and partners that members send: consent, stages, credit, outcome."""
