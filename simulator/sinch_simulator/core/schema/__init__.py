"""Reads JSON objects by declared shapes, for every product and for our own API.

A *shape* lists the *fields* of one kind of object; a field says what its value may be, what counts when it is absent,
and what it means. ``Shape.read`` gives ``Values`` under the official names, complete even when something was wrong, and
tells *findings*: where (``path``), what was wrong (``message``), what would be right (``hint``).

    >>> from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer, Nested
    >>> from sinch_simulator.core.schema.shapes import Findings, Shape
    >>> IDENTITY = Shape("identity", (BoundedText("endpoint", "the number", required=True, longest=16),))
    >>> START = Shape(
    ...     "a start",
    ...     (
    ...         Nested("identity", "who is verified", required=True, shape=IDENTITY),
    ...         Choice("method", "how", choices=("sms", "callout"), default="sms"),
    ...         Integer("retries", "how often", minimum=0, maximum=5, default=1),
    ...     ),
    ... )
    >>> findings = Findings()
    >>> values = START.read({"identity": {"endpoint": "+14045550100"}, "retries": 2}, "", findings)
    >>> values["method"], values["retries"], values["identity"]["endpoint"]
    ('sms', 2, '+14045550100')
    >>> values = START.read({"identity": {}, "method": "smss", "retries": 9}, "", findings)
    >>> for found in findings.found:
    ...     print(f"{found.path}: {found.message}; {found.hint}")
    identity.endpoint: it is missing; write a text
    method: "smss" is not known here; did you mean "sms"?
    retries: 9 is too large; write a whole number from 0 to 5

How strictly a kind of document is read, and in which words and with which error it is refused, is said by a subclass of
``Findings``. One that answers its first finding with an error of its own:

    >>> class SmsFindings(Findings):
    ...     def refusal(self):
    ...         first = self.first_error
    ...         missing = first.code == "MISSING_PROPERTY"
    ...         code = "syntax_constraint_violation" if missing else "syntax_invalid_parameter_format"
    ...         return {"code": code, "text": f"{first.path}: {first.message}"}
    >>> findings = SmsFindings()
    >>> values = START.read({"method": "sms"}, "", findings)
    >>> findings.refusal()
    {'code': 'syntax_constraint_violation', 'text': 'identity: it is missing'}

``request_findings.py`` is that of the platform's older products (40001, 40002, 40003); the control API, SVAML, personas
and scenario files have theirs where they are read. A field that is more than its limits is a subclass of one of
``fields.py``. ``json_schema.py`` writes shapes as JSON Schema, and is imported by whoever asks for that.
"""
