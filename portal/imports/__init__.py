"""Files in: read, map, match, preview, apply, undo; where each imported value came from."""
