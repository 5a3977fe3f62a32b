"""The keeper: does what anybody could do, and nothing twice; it acts through the registry alone."""
