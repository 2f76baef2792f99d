"""A member's own hands on what is kept about them: take it along, have it erased, join two accounts into one."""
