"""Numbers: an account's telephone numbers, searched, rented, configured and released by REST.

Source: docs/platform/numbers.md.
"""

NAME = "numbers"
