"""SMS: batches of texts by the REST API that is called XMS, and single ones by the older classic API."""

NAME = "sms"
FINISHED = "text.finished"
"""The kind of the line that says that a batch, or a text without a batch, has come to its end."""
RECEIVED = "text.received"
"""The kind of the line about a text that came in."""
