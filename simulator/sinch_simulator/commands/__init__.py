"""Holds a module for each command, which imports what it needs beyond click when it runs: so help stays quick."""
