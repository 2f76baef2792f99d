"""Email addresses, credentials, sign-in, sessions, recovery, invitations and applicants."""
