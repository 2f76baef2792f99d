"""The people pages: finding members by what they show, who worked with whom, organisations, and how much is read."""
