"""What each person shows to whom: fields, photo, search terms; one predicate decides for page, list and search."""
