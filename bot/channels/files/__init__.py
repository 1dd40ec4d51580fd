"""Patients' files: taken in a stream, checked and cleaned apart, kept only until the portal has them."""
