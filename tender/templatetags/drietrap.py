"""How money, moments and statuses are written on every page and in every letter."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from tender.films import FILMS
from tender.icons import ICONS, STATE_TONES, TONE_ICONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BoundField
    from django.utils.safestring import SafeString

register = template.Library()

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CENT = Decimal("0.01")
NO_BREAK = "\u00a0"


def _decimal(value: Any) -> Decimal | None:
    """The value as a decimal with two places, or None when it is not a number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value)).quantize(CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None


def _english() -> bool:
    return (get_language() or "nl").startswith("en")


def _grouped(number: Decimal) -> str:
    text = f"{number:,.2f}"
    return text if _english() else text.translate(str.maketrans(",.", ".,"))


@register.filter
def shown_as(name: str) -> str:
    """What a page shows of a file beside its name, by the ending we gave it: ``picture`` (a small one, made by us), ``film``, or nothing."""
    ending = name.rpartition(".")[2].lower()
    return "film" if ending in FILMS else "picture" if ending in {"pdf", "png", "jpg"} else ""


@register.filter
def euro(value: Any) -> str:
    """Money: ``€ 5.000,00`` in Dutch, ``€5,000.00`` in English. What is no amount comes back as it was."""
    amount = _decimal(value)
    if amount is None:
        return "" if value is None else str(value)
    if _english():
        return f"{'-' if amount < 0 else ''}€{_grouped(abs(amount))}"
    return f"€{NO_BREAK}{_grouped(amount)}"


@register.filter
def score(value: Any) -> str:
    """A score with two places: ``78,25`` in Dutch, ``78.25`` in English; a dash when there is none."""
    number = _decimal(value)
    return "–" if number is None else _grouped(number)


def said_mark(mark: Decimal) -> str:
    """A mark as people read it: ``3``, ``3,5``."""
    return score(mark).rstrip("0").rstrip(",.")


@register.filter
def percent(value: Any) -> str:
    """A share of 1 as a percentage with two places: ``0.625`` gives ``62,50%``; a dash when there is none."""
    if value is None or value == "":
        return "–"
    try:
        return f"{score(Decimal(str(value)) * 100)}%"
    except InvalidOperation:
        return "–"


def _there(value: datetime) -> datetime:
    return timezone.localtime(value, AMSTERDAM) if timezone.is_aware(value) else value


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in Amsterdam time: ``23 november 2026, 17:00``."""
    return date_format(_there(value), "j F Y, H:i", use_l10n=False) if isinstance(value, datetime) else ""


@register.filter
def weekday(value: datetime | None) -> str:
    """An instant in Amsterdam time with its day of the week: ``maandag 23 november 2026, 17:00``."""
    return date_format(_there(value), "l j F Y, H:i", use_l10n=False) if isinstance(value, datetime) else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """A day, as it was in Amsterdam: ``23 november 2026``."""
    if not isinstance(value, date):
        return ""
    return date_format(_there(value) if isinstance(value, datetime) else value, "j F Y", use_l10n=False)


@register.filter
def iso(value: datetime | date | None) -> str:
    """For ``datetime=""``: the instant with its offset, or the day."""
    if not isinstance(value, date):
        return ""
    return _there(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


@register.filter
def share_of(part: Any, whole: Any) -> str:
    """How many hundredths ``part`` is of ``whole``, for the width of a bar: a number from 0 to 100, never localised."""
    small, large = _decimal(part), _decimal(whole)
    if small is None or not large:
        return "0"
    return f"{min(max(small / large * 100, Decimal(0)), Decimal(100)):.2f}"


@register.filter
def status_tone(state: Any) -> str:
    """The tone of a state value or of a tone itself: ok, busy, waiting, warning, stopped or neutral."""
    key = str(state or "")
    return key if key in TONE_ICONS else STATE_TONES.get(key, "neutral")


@register.filter
def status_icon(state: Any) -> str:
    """The name of the icon that goes with a state or tone."""
    return TONE_ICONS[status_tone(state)]


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An inline icon; an unknown name draws a plain circle rather than breaking the page."""
    return format_html(
        '<svg class="dt-icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        f" dt-icon--{size}" if size else "",
        ICONS.get(name, ICONS["circle"]),
    )


@register.filter
def icon_svg(name: str) -> SafeString:
    """The same as ``{% icon %}``, where the name comes out of another filter."""
    return icon(name)


@register.filter
def plus(value: Any, other: Any) -> Decimal:
    """Two amounts together; nothing counts as zero."""
    return (_decimal(value) or Decimal(0)) + (_decimal(other) or Decimal(0))


@register.filter
def minus(value: Any, other: Any) -> Decimal:
    """The first amount without the second; nothing counts as zero."""
    return (_decimal(value) or Decimal(0)) - (_decimal(other) or Decimal(0))


@register.filter
def unlocalized(value: Any) -> str:
    """A number as a machine reads it, whatever the language of the page."""
    return str(value)


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """How many things a form says are wrong."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def beside(row: Any, heads: Any) -> list[tuple[Any, Any]]:
    """The cells of a row, each with the head of its column before it."""
    return list(zip(heads, row, strict=True))


@register.filter
def as_lead(label: Any) -> str:
    """A label before what is said of it: with a colon, unless it ends in a mark of its own."""
    text = str(label).strip()
    return text if text.endswith(("?", "!", ".", ":")) else f"{text}:"


@register.filter
def prefix_of(field: BoundField) -> str:
    """The sign before an amount of money: a widget says ``attrs={"data-prefix": "€"}``."""
    return str(field.field.widget.attrs.get("data-prefix", ""))


_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "group"),
    (forms.SelectDateWidget, "group"),
)
_CLASSES = {
    "checkboxes": "utrecht-checkbox utrecht-checkbox--html-input",
    "radios": "utrecht-radio-button utrecht-radio-button--html-input",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
    "file": "dt-file",
    "text": "utrecht-textbox utrecht-textbox--html-input",
    "group": "utrecht-textbox",
}


_INVALID = {
    "text": "utrecht-textbox--invalid",
    "textarea": "utrecht-textarea--invalid",
    "select": "utrecht-select--invalid",
}


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which pattern a field takes: text, textarea, select, radios, checkboxes, checkbox, file, group or hidden."""
    return next((kind for widget, kind in _KINDS if isinstance(field.field.widget, widget)), "text")


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of the help text and the error of a field, for ``aria-describedby``."""
    ids = [f"{field.auto_id}_helptext"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    return " ".join(ids)


@register.filter
def first_id(field: BoundField) -> str:
    """The id an error summary links to: the first choice of a group, else the field itself."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.filter
def styled(field: BoundField) -> SafeString:
    """The field's widget with our classes, its description, its state, and its length shown rather than cut off."""
    kind = widget_kind(field)
    given = field.field.widget.attrs
    invalid = _INVALID.get(kind, "") if field.errors else ""
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [_CLASSES.get(kind), invalid, given.get("class")]))}
    if kind == "text":
        attrs["placeholder"] = False  # it would vanish at the first letter; the label and the help stay
    if described := described_by(field):
        attrs["aria-describedby"] = described
    if kind == "textarea":
        attrs["rows"] = given.get("rows", 6)
        if limit := given.get("maxlength"):
            attrs |= {"maxlength": False, "data-dt-limit": limit}
    return field.as_widget(attrs=attrs)


@register.filter
def choices_html(field: BoundField) -> SafeString:
    """Radio buttons or tick boxes, each beside its own label."""
    kind = widget_kind(field)
    form_kind = "radio" if kind == "radios" else "checkbox"
    items = [(choice.tag(), choice.id_for_label, choice.choice_label) for choice in _subwidgets(field, _CLASSES[kind])]
    rows = format_html_join(
        "",
        '<div class="dt-choice">{}<label class="utrecht-form-label utrecht-form-label--{}" for="{}">{}</label></div>',
        ((tag, form_kind, target, label) for tag, target, label in items),
    )
    return format_html('<div class="dt-choices">{}</div>', rows)


def _subwidgets(field: BoundField, css: str) -> Iterator[BoundWidget]:
    """As ``BoundField.subwidgets``, with a class and without a browser's own check on each."""
    attrs = field.build_widget_attrs({"class": css, "id": field.auto_id})
    attrs.pop("aria-describedby", None)
    for data in field.field.widget.subwidgets(field.html_name, field.value(), attrs=attrs):
        yield BoundWidget(field.field.widget, data, field.form.renderer)
