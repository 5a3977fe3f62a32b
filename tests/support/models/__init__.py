"""Independent Python versions of the contracts' arithmetic."""
