"""The weekly letter: what a member follows, whom they may have worked with, one question worth answering."""
