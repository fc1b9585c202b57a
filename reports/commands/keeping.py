"""A printed file in its one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


def put(file: FieldFile, name: str, pdf: bytes) -> None:
    """Lay a file where its row will name it; over what a killed run left there: where there is a row, nobody comes here again."""
    file.storage.delete(name)
    file.name = file.storage.save(name, ContentFile(pdf))
