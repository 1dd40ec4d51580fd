"""Refunds of treatment outside the network: rules as facts, and an estimate of one quarter (R136-R140)."""
