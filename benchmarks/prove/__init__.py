"""`python -m benchmarks.prove`: what imports make of real files, which stay outside the repository."""
