"""What lies on this machine: deployments, documents, salts, keystores, and how they are read."""
