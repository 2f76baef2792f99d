"""Somebody is going to leave the host: told by HR before the day, so that the account reaches them before the mailbox ends."""
