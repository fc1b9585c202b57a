"""What the style guide shows: one example of everything, shared by the tests that read it and the one that looks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from scoring.models import PanelMember

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


class Visitor:
    """Somebody signed in, without a database."""

    is_authenticated = True
    pk = 7
    seats = PanelMember.objects.none()
    email = "m.dijkstra@voorbeeld.nl"

    def __init__(self, *roles):
        self.roles = roles

    def __str__(self):
        return "Marrit Dijkstra"

    def has_role(self, *roles):
        return bool(set(roles) & set(self.roles))


class Example(forms.Form):
    title = forms.CharField(label="Title", help_text="A working title is fine.")
    question = forms.CharField(label="Question", widget=forms.Textarea(attrs={"maxlength": 600, "rows": 4}))
    amount = forms.DecimalField(label="Amount", widget=forms.TextInput(attrs={"data-prefix": "€", "inputmode": "decimal"}), max_value=24999)
    theme = forms.ChoiceField(label="Theme", choices=[("", "Choose"), ("a", "Healthy ageing"), ("b", "Energy")])
    role = forms.ChoiceField(label="Part", widget=forms.RadioSelect, choices=[("b", "Business"), ("k", "Knowledge")], help_text="Choose one.")
    days = forms.MultipleChoiceField(
        label="Days", required=False, widget=forms.CheckboxSelectMultiple, choices=[("m", "Monday"), ("t", "Tuesday")]
    )
    start = forms.DateField(label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    plan = forms.FileField(label="Plan", required=False, help_text="PDF, at most 10 MB.")
    truth = forms.BooleanField(label="I have filled this in truthfully")


def example_form(**data):
    """The form with two gaps, as it comes back from a first try."""
    form = Example({"title": "Winter street", "amount": "25000", "role": "b", "question": "What can it be?", **data}, {})
    form.is_valid()
    return form


def context():
    money = Decimal
    return {
        "csrf_token": "token",
        "form": example_form(),
        "trail": [("Home", "/"), ("My dossiers", "/mine/")],
        "ceiling": money(1_250_000),
        "used": money(480_000),
        "reserved": money("210000.50"),
        "digits": range(1, 11),
        "steps": [
            {"label": "Programming fund", "status": "done", "status_label": "Invited", "money": money(24999), "url": "#a"},
            {"label": "Nomination", "status": "current", "status_label": "Being assessed", "dates": "September 2026"},
            {"label": "Multi-year funding", "status": "next", "status_label": "Not started", "count": "3 or 4"},
            {"label": "Settled", "status": "stopped", "status_label": "Refused"},
        ],
        "calls": [
            {
                "scheme": "Crossover",
                "title": "Crossover 2026",
                "text": "For consortia.",
                "state": "open",
                "status_label": "open",
                "deadline": NOW + timedelta(days=3),
                "money": money(5000),
            }
        ],
        "now": NOW,
        "states": [("open", "open"), ("incomplete", "to be completed"), ("refused", "refused"), ("x", "unknown")],
        "tasks": [
            {"label": "Question", "url": "#q", "status": "ok", "status_label": "complete"},
            {"label": "Budget", "url": "#b", "status": "warning", "status_label": "to do", "hint": "€ 250,00 apart"},
        ],
        "rows": [
            {"label": "Title", "value": "Winter street", "url": "#t"},
            {"label": "Plan", "value": "", "error": "Add your plan", "url": "#p", "action": "Add"},
        ],
        "events": [{"at": NOW, "title": "Received", "who": "Marrit", "tone": "submitted", "url": "#e", "text": "Receipt"}],
        "ranking": [
            {"reference": f"CX26-{n:04d}", "title": "T", "state": "nominated", "label": "nominated", "score": money("88.25")}
            for n in range(1, 7)
        ],
        "page": Paginator(range(50), 10).page(2),
    }


def render(template="tender/styleguide.html", language="en", visitor=None, **extra):
    """A page as a visitor gets it."""
    request = RequestFactory().get("/mine/")
    request.user = visitor or Visitor()
    with translation.override(language):
        return render_to_string(template, {**context(), **extra}, request)


def static_file(path):
    """The bytes of a vendored static file."""
    with open(finders.find(path), "rb") as file:  # noqa: PTH123 - what finders give is a plain path
        return file.read()
