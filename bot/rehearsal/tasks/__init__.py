"""Tasks of patients: a simulated patient talks, the portal's state and what was said are judged."""
