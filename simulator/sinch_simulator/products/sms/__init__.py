"""SMS: batches of texts by the REST API that is called XMS, and single ones by the older classic API."""

NAME = "sms"
