"""The signals that are wishes to end."""

import signal


def to_end() -> set[signal.Signals]:
    """Those that ask a program of ours to end: a hang-up is none where it is to be survived, as under nohup."""
    survives = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return {signal.SIGTERM, signal.SIGINT} | (set() if survives else {signal.SIGHUP})
