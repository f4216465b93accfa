"""Korob: the marketplace's side of the Yandex Market Partner API for sellers."""

__version__ = "0.1.0"
