"""What persons announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id when the name changed, or whether members can meet the person (search follows).
person_changed = Signal()
# Sent with person_id, roles (their names) and by when roles of a person have ended, for whatever reason (I16).
roles_ended = Signal()
# Sent with person_id, role and by when a person is given a role.
role_granted = Signal()
