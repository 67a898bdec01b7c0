"""Reads scenario files, plays them against a simulator, and makes load tests of populations."""
