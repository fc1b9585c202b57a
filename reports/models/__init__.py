"""What was asked of the house's records, and what came of it; and what mail people chose to get."""

from reports.models.export import Export, ExportStatus
from reports.models.preference import MailPreference

__all__ = ["Export", "ExportStatus", "MailPreference"]
