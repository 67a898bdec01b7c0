"""Holds small webhooks to read, to run and to copy from."""
