"""Which static files are ours to serve."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """All but viewflow's own look: we draw its pages ourselves, and its style sheets name fonts that it does not ship."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "viewflow"]
