"""``manage.py ranking CALL STAGE [--json]``: the frozen ranking of a stage, as it was fixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.models import Ranking
from tender.canonical import plain
from tender.models import Stage

if TYPE_CHECKING:
    from scoring.models import Placing


class Command(BaseCommand):
    help = "Print a frozen ranking: order, reference, score, rank, criteria, ties, cut and chance."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which stage of which call, and how to print it."""
        parser.add_argument("call")
        parser.add_argument("stage", help="the key or the number of the stage")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the latest version."""
        ranking = self.ranking(options["call"], options["stage"])
        rows = [row_of(line) for line in ranking.placings.select_related("application").order_by("order")]
        if options["as_json"]:
            whole = {
                "call": options["call"],
                "stage": ranking.stage.key,
                "version": ranking.version,
                "method": ranking.method,
                "at": ranking.at,
                "inputs_sha256": ranking.inputs_sha256,
                "cut": ranking.cut,
                "rows": rows,
            }
            self.stdout.write(json.dumps(plain(whole), ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{ranking.stage} version {ranking.version}, {ranking.method}, {ranking.at:%Y-%m-%d %H:%M} UTC")
        for row in rows:
            self.stdout.write(line_of(row))
        self.stdout.write(f"Cut: {json.dumps(ranking.cut, ensure_ascii=False, sort_keys=True)}")

    def ranking(self, call: str, key: str) -> Ranking:
        """The latest ranking of a stage, by its key or number."""
        by = {"number": int(key)} if key.isdigit() else {"key": key}
        stage = Stage.objects.filter(call__reference=call, **by).first()
        if stage is None:
            raise CommandError(f"There is no stage {key} in call {call}.")
        ranking = Ranking.objects.filter(stage=stage).order_by("-version").first()
        if ranking is None:
            raise CommandError(f"{stage} is not ranked yet.")
        return ranking


def row_of(line: Placing) -> dict[str, Any]:
    """One line of the ranking, as plain data."""
    return {
        "order": line.order,
        "rank": line.rank,
        "reference": line.application.reference,
        "total": line.total,
        "criteria": line.criteria,
        "sheets": line.sheets,
        "spread": line.spread,
        "tied_with": line.facts.get("tied_with", []),
        "outcome": line.outcome,
        "amount": line.amount,
        "chance": line.chance,
    }


def line_of(row: dict[str, Any]) -> str:
    """One line of the ranking, for a reader."""
    total = "–" if row["total"] is None else f"{row['total']:.2f}"
    chance = "" if row["chance"] is None else f"  P(in) {row['chance']:.2f}"
    ties = f"  tied with {', '.join(row['tied_with'])}" if row["tied_with"] else ""
    criteria = " ".join(f"{key}={value}" for key, value in row["criteria"].items())
    rank = "–" if row["rank"] is None else row["rank"]
    place = f"{row['order']:>3}  {rank:>3}  {row['reference']:<12} {total:>7}  {row['outcome']:<13}"
    return f"{place}{chance}{ties}  {criteria}".rstrip()
