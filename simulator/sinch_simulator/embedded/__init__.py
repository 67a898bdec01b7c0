"""Runs a simulator in this process, for programs and tests: awaited or blocking."""
