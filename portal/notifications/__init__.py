"""What each member is told: the list behind the bell, and a mail for what matters, kind by kind."""
