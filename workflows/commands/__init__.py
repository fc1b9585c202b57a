"""The other writes around the one door. Importing this registers every cascade."""

from workflows.commands.door import Refused, create, perform

from workflows.commands import corresponding, joining, pitching, publishing, rounds, standing_in  # isort: skip

__all__ = ["Refused", "corresponding", "create", "joining", "perform", "pitching", "publishing", "rounds", "standing_in"]
