"""A scheme of one stage that asks the budget of the multi-year plan: hub support, with the money section of the crossover tender."""

import tomllib
from decimal import Decimal
from pathlib import Path

from tender.commands.schemes import publish_scheme
from tests.factories.rounds import START
from tests.tender.schemes.mending import source

SCHEMES = Path(__file__).parents[2] / "fixtures" / "schemes"
YEARS, LEAST, MOST = ("starts", "years"), 5000, 150000


def raw(name):
    return tomllib.loads((SCHEMES / f"{name}.toml").read_text(), parse_float=Decimal)


def section(form, key):
    return next(each for each in form["sections"] if each["key"] == key)


def budgeted(at=START):
    """A published version of it. The applicant is alone, so nothing is held against a list of partners."""
    scheme, plan = raw("hub_support"), raw("crossover")["stages"][-1]["form"]
    form = scheme["stages"][0]["form"]
    here, money = section(form, "money"), section(plan, "money")["fields"]
    asked = [each for each in here["fields"] if each["key"] in YEARS]
    here["fields"] = [*asked, *({**each, "minimum": LEAST, "maximum": MOST} if each["key"] == "amount" else each for each in money)]
    here["fields"].append(next(each for section_ in plan["sections"] for each in section_["fields"] if each["key"] == "milestones"))
    form["balance"] = [each for each in plan["balance"] if each["key"] != "brought_in"]
    return publish_scheme(source=source(scheme), at=at)
