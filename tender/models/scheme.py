from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models

from tender.schemes.loader import definition_of

if TYPE_CHECKING:
    from typing import Any

    from tender.schemes import definition


class Scheme(models.Model):
    """A funding scheme by its key; its rules are in its versions."""

    key = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.key


class SchemeVersion(models.Model):
    """The rules of a scheme as published, word for word. Written once."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version; an existing one is refused."""
        if self.pk is not None:
            raise ValidationError("A published version never changes; publish a new one.")
        super().save(*args, **kwargs)

    @property
    def definition(self) -> definition.Scheme:
        """The rules, typed (parsed once per process)."""
        return definition_of(self.sha256, self.source)
