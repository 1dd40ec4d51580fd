"""Conversation as such: turns, the stack of tasks, prompts and their options, repair, policy."""
