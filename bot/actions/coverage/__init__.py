"""Coverage: is a service in the package, on what conditions, what does it cost (R91-R94, R124)."""
