"""Employers and account firms: names, aliases, domains, hierarchy."""
