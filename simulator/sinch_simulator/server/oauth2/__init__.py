"""OAuth2 tokens: the endpoint that issues them for the products of a project, and the one that revokes them.

It is a product that lives with the server, because a token says when it was made in wall time, and is signed.
"""
