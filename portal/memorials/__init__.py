"""Somebody died: two people of the host say so with proof, and from then on the portal is silent and keeps the page."""
