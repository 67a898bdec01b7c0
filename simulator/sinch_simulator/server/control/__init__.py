"""Serves the control API below ``/_simulator``: a file for each group of resources, ``endpoints`` the table of all."""
