// The page works without it.
