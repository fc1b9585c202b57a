"""The other writes around the one door. Importing this registers every cascade."""

from workflows.commands.door import Refused, create, perform

from workflows.commands import corresponding, joining, pitching, posting, publishing, rounds  # isort: skip

__all__ = ["Refused", "corresponding", "create", "joining", "perform", "pitching", "posting", "publishing", "rounds"]
