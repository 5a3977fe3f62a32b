"""Independent Python models of what the contracts compute."""
