"""What `python -m bot <command>` does, one module a command."""
