"""Advisors: small models of what ideas say, and whether any is known to help; in whole numbers throughout."""
