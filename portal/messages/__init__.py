"""The first word between two members, the connection it may begin, and the wish not to meet."""
