"""Reading accounts."""

from __future__ import annotations

from portal.accounts.queries.addresses import (
    address_by_id,
    addresses_at,
    addresses_of,
    domains_in_use,
    facts,
    has_left,
    has_proved_address,
    holder,
    is_taken,
    is_work,
    kind_of,
    live_addresses,
    may_be_written,
    own_address,
    own_by_norm,
    primary_address,
    soft_bounces,
    told,
    works_there,
)
from portal.accounts.queries.disputes import (
    count_disputes,
    dispute,
    disputed,
    open_dispute_about,
    open_disputes,
    own_dispute,
)
from portal.accounts.queries.helping import (
    calm_until,
    case,
    case_behind,
    cases,
    count_cases,
    ever_own,
    ripe_cases,
    running_case,
)
from portal.accounts.queries.joining import (
    applicant,
    applicants,
    count_waiting,
    invitation,
    last_request,
    open_invitation,
    request_behind,
    still_theirs,
    unclaimed_record,
)
from portal.accounts.queries.keys import (
    USED_UP,
    been_here,
    behind_provider,
    codes_left,
    connected,
    context_words,
    credential,
    has_signed_in,
    keys_of,
    knows_browser,
    named_by,
    open_sessions,
    opened_through,
    own_passkey,
    own_session,
    passkey_named,
    passkeys_of,
    password_behind,
    providers_at,
    running,
    runs,
    ticket,
    waiting_reset,
    ways_of,
)
from portal.accounts.queries.leaving import leavers

__all__ = [
    "USED_UP", "address_by_id", "addresses_at", "addresses_of", "applicant", "applicants", "been_here",
    "behind_provider", "calm_until", "case", "case_behind", "cases", "codes_left", "connected", "context_words",
    "count_cases", "count_disputes", "count_waiting", "credential", "dispute", "disputed", "domains_in_use",
    "ever_own", "facts", "has_left", "has_proved_address", "has_signed_in", "holder", "invitation", "is_taken",
    "is_work", "keys_of", "kind_of", "knows_browser", "last_request", "leavers", "live_addresses",
    "may_be_written", "named_by", "open_dispute_about", "open_disputes", "open_invitation", "open_sessions",
    "opened_through", "own_address", "own_by_norm", "own_dispute", "own_passkey", "own_session",
    "passkey_named", "passkeys_of", "password_behind", "primary_address", "providers_at", "request_behind",
    "ripe_cases", "running", "running_case", "runs", "soft_bounces", "still_theirs", "ticket", "told",
    "unclaimed_record", "waiting_reset", "ways_of", "works_there",
]  # fmt: skip
