"""The control API below ``/_simulator``: one file for each group of resources, ``endpoints.py`` the table of all."""
