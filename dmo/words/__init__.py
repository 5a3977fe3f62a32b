"""Words for people, as data: one folder a language, one file a capability."""
