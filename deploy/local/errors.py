"""What can go wrong with the processes we run on one machine, each in one sentence: what, and what to do.

LocalFault
├── PackageMissing    the Debian package that brings the program is not installed
├── HomeUnusable      the folder for data and logs cannot be made or written
├── PortTaken         another process listens where this one should
├── AlreadyRunning    somebody alive runs it for this home
├── NotRunning        it must run for what was asked
├── StoppedEarly      it ended by itself while it started
├── NotReady          it did not take connections in time
└── CommandFailed     one of its own tools said no
"""


class LocalFault(Exception):
    """Base; its text is for the person who started it."""


class PackageMissing(LocalFault):
    """The Debian package that brings the program is not installed."""


class HomeUnusable(LocalFault):
    """The folder for data and logs cannot be made or written."""


class PortTaken(LocalFault):
    """Another process listens where this one should."""


class AlreadyRunning(LocalFault):
    """Somebody alive runs it for this home."""


class NotRunning(LocalFault):
    """It must run for what was asked."""


class StoppedEarly(LocalFault):
    """It ended by itself while it started."""


class NotReady(LocalFault):
    """It did not take connections in time."""


class CommandFailed(LocalFault):
    """One of its own tools said no."""
