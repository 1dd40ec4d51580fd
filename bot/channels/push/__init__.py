"""Waking a phone: a patient's devices, and a signed word to the operator's push service."""
