"""The made-up community: people, firms and talk of a host that does not exist, loaded into an empty database only."""
