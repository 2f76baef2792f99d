"""The copy itself: everything as JSON with its schema, and in the forms that other programs read."""
