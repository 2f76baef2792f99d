"""The opt-in: acts a member is willing to do, limits, pauses, check-ins, flags, nominations."""
