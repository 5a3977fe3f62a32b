"""Deploying a DMO: config, plan, journal, execution, and the check afterwards."""
