"""Whole dialogues as tests: the trained assistant, its real actions and a sandbox portal in one process."""
