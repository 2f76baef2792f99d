"""Eyes on who reads the directory: profiles by the hour, records that nobody has reason to open, and the admins told."""
