"""Boards with an audience, topics with numbered posts, reading positions, follows and drafts."""
