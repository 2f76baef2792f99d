"""Repeatable measurements of what a page costs; never part of the tests."""
