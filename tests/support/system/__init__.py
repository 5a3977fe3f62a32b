"""A whole DMO under the recommended rules, and the people who live in it."""
