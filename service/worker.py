"""A worker of Rasa, without what only training needs: python -m service.worker --socket N --ready N --model FILE."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

TRAINING = "rasa.utils.train_utils"
"""The one module by which TensorFlow comes into a process that only answers: some 370 MB, and seconds of its start."""


def main() -> None:
    """Serve (service.rasa_server)."""
    load_when_used(TRAINING)
    from service import rasa_server

    rasa_server.main()


def load_when_used(name: str) -> None:
    """Have the module `name` loaded when something of it is first used, not when it is imported.

    importlib.util.LazyLoader is for the same, but loads a module of a package already when it is imported.
    """
    package, _, own = name.rpartition(".")
    later = _Later(name)
    later.__spec__ = find_spec(name)
    sys.modules[name] = later
    setattr(importlib.import_module(package), own, later)


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


if __name__ == "__main__":
    main()
