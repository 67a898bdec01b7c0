"""Plays scenarios: takes their steps, lets time pass, and writes reports."""
