"""Writing accounts."""

from __future__ import annotations

from portal.accounts.actions.addresses import (
    add_address,
    ask_to_verify,
    hold,
    let_go,
    make_primary,
    remove_address,
    undo_removal,
    verify_address,
)
from portal.accounts.actions.applicants import (
    approve_applicant,
    ask_to_join,
    decline_applicant,
    forget_old_requests,
    invite_again,
    submit_request,
)
from portal.accounts.actions.bounces import note_bounce, write_again
from portal.accounts.actions.confirming import confirm_by_link, confirming_address, mail_confirmation
from portal.accounts.actions.connecting import connect_provider, disconnect_provider, sign_in_by_provider
from portal.accounts.actions.credentials import remove_totp, renew_codes, set_password, set_up_totp, show_code
from portal.accounts.actions.disputes import decide_dispute, open_dispute, yield_address
from portal.accounts.actions.domains import note_domain
from portal.accounts.actions.helping import (
    ask_for_help,
    confirm_recovery,
    propose_recovery,
    prove_case,
    refuse_recovery,
    ripen_recoveries,
    stop_recovery,
    take_account_back,
    veto_recovery,
)
from portal.accounts.actions.invitations import claim, invite, withdraw_invitation
from portal.accounts.actions.invitees import leave_waves, note_letter, settle_invitees
from portal.accounts.actions.passkeys import (
    add_passkey,
    confirm_by_passkey,
    remove_passkey,
    rename_passkey,
    sign_in_by_passkey,
)
from portal.accounts.actions.resets import apply_waiting_resets, ask_for_reset, reset_password, stop_reset
from portal.accounts.actions.retiring import (
    age_addresses,
    forget_old_traces,
    remind_leavers,
    retire_addresses,
    sort_addresses,
    sort_addresses_at,
)
from portal.accounts.actions.sessions import (
    confirm_session,
    end_session,
    end_session_by_id,
    end_sessions,
    end_sessions_through,
    leave_session,
    open_session,
)
from portal.accounts.actions.setup import break_glass, create_admin
from portal.accounts.actions.sign_in import (
    Step,
    add_password,
    ask_for_link,
    ask_for_link_here,
    confirm_device,
    follow_link,
    give_code,
    give_paper_code,
    give_password,
)
from portal.accounts.actions.waves import (
    pause_wave,
    prepare_wave,
    refuse_letters,
    send_letters,
    start_wave,
    stop_wave,
)

__all__ = [
    "Step", "add_address", "add_passkey", "add_password", "age_addresses", "apply_waiting_resets",
    "approve_applicant", "ask_for_help", "ask_for_link", "ask_for_link_here", "ask_for_reset", "ask_to_join",
    "ask_to_verify", "break_glass", "claim", "confirm_by_link", "confirm_by_passkey", "confirm_device",
    "confirm_recovery", "confirm_session", "confirming_address", "connect_provider", "create_admin", "decide_dispute",
    "decline_applicant", "disconnect_provider", "end_session", "end_session_by_id", "end_sessions",
    "end_sessions_through", "follow_link", "forget_old_requests", "forget_old_traces", "give_code",
    "give_paper_code", "give_password", "hold", "invite", "invite_again", "leave_session", "let_go",
    "mail_confirmation", "make_primary", "note_bounce", "note_domain", "leave_waves", "note_letter", "open_dispute",
    "open_session", "pause_wave", "prepare_wave", "propose_recovery", "prove_case", "refuse_letters",
    "refuse_recovery", "remind_leavers", "remove_address", "remove_passkey", "remove_totp", "rename_passkey",
    "renew_codes", "reset_password", "retire_addresses", "ripen_recoveries", "send_letters", "set_password",
    "set_up_totp", "settle_invitees", "show_code", "sign_in_by_passkey", "sign_in_by_provider",
    "sort_addresses", "sort_addresses_at", "start_wave", "stop_recovery", "stop_reset", "stop_wave", "submit_request",
    "take_account_back", "undo_removal", "verify_address", "veto_recovery", "withdraw_invitation",
    "write_again", "yield_address",
]  # fmt: skip
