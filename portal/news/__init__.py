"""What the host publishes: news items, labelled as its own, to an audience, with a question or call to action."""
