"""Imports on real files: what is matched, missed and never merged wrongly. Not part of the tests; `make prove`."""
