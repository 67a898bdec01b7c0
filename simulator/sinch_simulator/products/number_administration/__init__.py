"""The number administration of 2015: an account logs in, buys numbers in a shop and assigns them to applications.

Source: docs/platform/numbers.md#8.
"""

NAME = "number-administration"
