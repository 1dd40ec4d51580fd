"""Messages the assistant starts: what happened in the portal, told once, where the patient is."""
