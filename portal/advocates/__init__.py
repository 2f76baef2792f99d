"""The opt-in: acts, limits, pauses, check-ins, flags, nominations, and who looked at an advocate's record."""
