"""Shared by all tests."""

from bot import tensorflow_standin

tensorflow_standin.install()
