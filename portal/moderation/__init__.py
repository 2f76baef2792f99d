"""Reports, the moderators' queue, decisions with reason and notice, appeals, reversals, the log that members read."""
