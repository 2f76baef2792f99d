"""Persons: names, public ids, roles, standing, groups, blocks and connections."""
