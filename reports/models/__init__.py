"""What was asked of the house's records, and what came of it."""

from reports.models.export import Export, ExportStatus

__all__ = ["Export", "ExportStatus"]
