"""What the back office reads, beyond what the features offer."""
