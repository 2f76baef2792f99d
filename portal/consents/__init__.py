"""The words people agree to, and the append-only ledger of who agreed to which of them, when and how."""
