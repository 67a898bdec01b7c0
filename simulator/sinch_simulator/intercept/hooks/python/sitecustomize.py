"""Python imports this by itself as it starts: it sets up the redirection, then runs the user's own sitecustomize."""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def _run_the_next_one():  # type: ignore[no-untyped-def]  # Python 2 reads this as well
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _FOLDER]
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if sys.version_info >= (3, 7):
    import sinch_exec_hook  # type: ignore[import-not-found]  # it lies beside this file, outside of packages

    sinch_exec_hook.install()
    _run_the_next_one()  # type: ignore[no-untyped-call]  # as above
