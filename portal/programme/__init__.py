"""The advocate programme's cockpit: everything overdue, oldest first, with an owner and one next step."""
