"""Everything that can go wrong, split by who must act.

    FourthrightError
    ├── ManagerError            the person at the keyboard changes the input          exit 2
    │   ├── BadInput            empty, too long, not text, wrong format
    │   ├── NotEnglish          another language
    │   └── DocumentRefused     a document that cannot be kept: too large, scanned, locked, damaged, hostile, …
    ├── OperatorError           the person who runs the installation changes it
    │   ├── ConfigurationError  a setting that cannot be used                         exit 2
    │   ├── KnowledgeError      a broken file under knowledge/ or prompts/            exit 2
    │   ├── PortInUse           the app's port is taken                               exit 2
    │   └── ModelUnavailable    the model cannot be loaded or reached at all          exit 4
    │       ├── WeightsMissing  no verified file of the local model
    │       ├── NoDiskSpace     not enough room to fetch it
    │       └── HostedNotAllowed a hosted model without consent
    ├── TryAgainLater           nothing is wrong with the input or the installation   exit 4
    │   ├── ModelBusy           rate limit, overload, timeout, connection lost
    │   └── Cancelled           the person pressed stop                               exit 130
    └── ReplyRejected           the model answered and the answer cannot be used
        ├── ReplyFiltered       the provider's content filter removed it
        └── ReplyCut            longer than the budget, twice

A message is one line that says what to do. It carries names, sizes and paths, never what the manager typed.
"""

from __future__ import annotations


class FourthrightError(Exception):
    """Base of every error this package raises on purpose; `exit_code` is what the terminal returns."""

    exit_code = 1


class ManagerError(FourthrightError):
    """The input has to change."""

    exit_code = 2


class BadInput(ManagerError):
    """Empty, too short, too long, not text, or the wrong format."""


class NotEnglish(ManagerError):
    """The text is in another language; the tool works in English only."""


class DocumentRefused(ManagerError):
    """A document of the organisation's own that cannot be kept, or is not there."""


class OperatorError(FourthrightError):
    """The installation or a setting has to change."""

    exit_code = 2


class ConfigurationError(OperatorError):
    """A setting has a value that cannot be used."""


class KnowledgeError(OperatorError):
    """A file under knowledge/ or prompts/ is broken; the message names the file, the place and the fault."""


class PortInUse(OperatorError):
    """The port the app should listen on is taken."""


class ModelUnavailable(OperatorError):
    """The model cannot be loaded or reached at all; the message names the ways out."""

    exit_code = 4


class WeightsMissing(ModelUnavailable):
    """There is no verified file of the local model."""


class NoDiskSpace(ModelUnavailable):
    """There is not enough room to fetch the local model."""


class HostedNotAllowed(ModelUnavailable):
    """A hosted model is configured and nobody has allowed text to leave this machine."""


class TryAgainLater(FourthrightError):
    """Nothing is wrong with the input or the installation; the same call may go through later."""

    exit_code = 4


class ModelBusy(TryAgainLater):
    """Rate limit, overload, timeout or a lost connection, after the retries are used up."""


class Cancelled(TryAgainLater):
    """The person pressed stop."""

    exit_code = 130


class ReplyRejected(FourthrightError):
    """The model answered and the answer cannot be used."""


class ReplyFiltered(ReplyRejected):
    """The provider's content filter removed the reply."""


class ReplyCut(ReplyRejected):
    """The reply was longer than its budget, also after the budget was raised once."""
