"""How faithful the simulator is: for each thing that it knows, whether it was verified, documented or inferred.

``table.tsv`` is the one source; the page in docs/ and the control API show it. What must be in it follows from the
tables of the code.
"""
