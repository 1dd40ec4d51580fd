"""What the assistant does in each topic: ask the portal, apply its rules, choose a response."""
