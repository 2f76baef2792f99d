"""Reports, the moderators' queue, decisions with their reasons and notices, appeals, reversals, and the log that members read."""
