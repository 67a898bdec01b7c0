"""Plays populations: many calls in many small worlds, counted."""
