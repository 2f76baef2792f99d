"""The shape of what admins write."""
