"""Faces: how acts and queries are reached. A face walks the registry and knows no act by name."""
