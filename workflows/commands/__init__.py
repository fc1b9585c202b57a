"""The other writes around the one door. Importing this registers every cascade."""

from workflows.commands.door import Refused, create, perform

from workflows.commands import corresponding, joining, objecting, pitching, posting, publishing, rounds, wording, standing_in, paying  # isort: skip

__all__ = [
    "Refused",
    "corresponding",
    "create",
    "joining",
    "objecting",
    "paying",
    "perform",
    "pitching",
    "posting",
    "publishing",
    "rounds",
    "standing_in",
    "wording",
]
