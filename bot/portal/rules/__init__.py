"""Portal rules: pure functions, facts and an aware ``now`` in, an outcome with a rule id out."""
