"""A season of an invented project, as data (examples/season.toml), and its player."""
