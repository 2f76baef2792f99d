"""Commands of the operator."""

COMMANDS: list[object] = []
