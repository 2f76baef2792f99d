"""Relations to the host, positions of a career, moves between them; announces when the last tie to a firm ends."""
