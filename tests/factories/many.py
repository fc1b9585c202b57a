"""Many dossiers that only wait for their decision, without walking each of them there."""

from itertools import count
from uuid import uuid4

from tender.models import Application, User
from tests.factories.people import person
from workflows.models import Event


def twins(case, number):
    """So many dossiers like ``case`` (itself included), each of an applicant of its own; their keys, in order of receipt.

    Rows are copied, so nobody can say from the trail how the others came here: for tests of money at scale alone, where walking
    two hundred dossiers through every step would take minutes and prove nothing more.
    """
    stem, _dash, last = case.reference.rpartition("-")
    numbers = count(int(last) + 1)
    made = [case.pk]
    parts = {relation: list(relation.related_model._base_manager.filter(**{relation.field.name: case})) for relation in copied(case)}
    for _ in range(number - 1):
        other = Application.objects.get(pk=case.pk)
        other.pk, other.reference, other.applicant = None, f"{stem}-{next(numbers):04d}", twin_of(case.applicant)
        other.save(force_insert=True)
        for relation, rows in parts.items():
            for row in rows:
                copy(row, relation.field, other, case)
        made.append(other.pk)
    return made


def twin_of(user):
    """Another applicant."""
    return person(f"tweeling {User.objects.count()}")


def copied(case):
    """What belongs to a dossier and has rows."""
    return [each for each in case._meta.related_objects if not each.many_to_many and each.related_model._meta.app_label != "workflows"]


def event_like(pk, other):
    """The event of a copied row, in the trail of its own dossier."""
    event = Event.objects.get(pk=pk)
    event.pk, event.chain = uuid4(), f"dossier:{other.reference}"
    event.save(force_insert=True)
    return event.pk


def copy(row, field, other, case):
    """One row, and what hangs on it (the marks of a sheet)."""
    below = [each for each in row._meta.related_objects if each.related_model._meta.model_name == "mark"]
    hanging = {each.field: list(each.related_model._base_manager.filter(**{each.field.name: row})) for each in below}
    row = type(row)._base_manager.get(pk=row.pk)
    row.pk = None
    setattr(row, field.name, other)
    if getattr(row, "user_id", None) == case.applicant_id:
        row.user = other.applicant
    if hasattr(row, "event_id"):
        row.event_id = event_like(row.event_id, other)
    row.save(force_insert=True)
    for own, rows in hanging.items():
        for mark in rows:
            mark.pk = None
            setattr(mark, own.name, row)
            mark.save(force_insert=True)
