"""Dates for a calendar program: it must read what we write, and know again what it read before."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from tender.ical import Entry, as_download, calendar_of, sequence_of

CLOSES = datetime(2026, 7, 1, 15, tzinfo=UTC)
WRITTEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_an_instant_stands_in_amsterdam_time_with_the_rules_of_the_zone():
    calendar = Calendar.from_ical(calendar_of("Calls", [Entry("call-MF26-closes", "MF26 closes", CLOSES, WRITTEN)]))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == CLOSES
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert str(event["dtstart"].to_ical(), "ascii") == "20260701T170000"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert "dtend" not in event
    assert event["transp"] == "TRANSPARENT"


def test_an_entry_is_known_by_the_same_name_and_a_later_date_has_a_higher_sequence():
    later = CLOSES + timedelta(days=7)
    first, second = (
        Calendar.from_ical(calendar_of("Calls", [Entry("x", "x closes", at, WRITTEN, sequence=sequence_of(at))])).walk("VEVENT")[0]
        for at in (CLOSES, later)
    )
    assert first["uid"] == second["uid"] == "x@drietrap"
    assert first["sequence"] < second["sequence"] < 2**31
    assert sequence_of(date(2026, 7, 1)) < sequence_of(date(2026, 7, 2))


def test_a_day_is_a_day_and_an_hour_keeps_somebody_busy():
    hour = Entry("pitch-1", "Pitch", CLOSES, WRITTEN, ends=CLOSES + timedelta(minutes=20), place="Zaal 3", url="https://x.example/1")
    whole = Entry("report-1", "Report", date(2026, 7, 2), WRITTEN, cancelled=True)
    pitch, report = Calendar.from_ical(calendar_of("Mine", [hour, whole])).walk("VEVENT")
    assert pitch.decoded("dtend") - pitch.decoded("dtstart") == timedelta(minutes=20)
    assert (pitch["transp"], pitch["location"], pitch["url"]) == ("OPAQUE", "Zaal 3", "https://x.example/1")
    assert report.decoded("dtstart") == date(2026, 7, 2)
    assert report["status"] == "CANCELLED"


def test_what_is_typed_cannot_break_out_of_its_line():
    text = "Naam; met, tekens\r\nBEGIN:VEVENT\r\nSUMMARY:vals " + "é" * 100
    (event,) = Calendar.from_ical(calendar_of("Calls", [Entry("x", text, CLOSES, WRITTEN)])).walk("VEVENT")
    assert str(event["summary"]).replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert all(len(line) <= 75 for line in calendar_of("Calls", [Entry("x", text, CLOSES, WRITTEN)]).split(b"\r\n"))


def test_a_file_to_keep_says_what_it_is():
    response = as_download("MF26", [], filename="MF26-0001")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="MF26-0001.ics"'
    assert response["X-Content-Type-Options"] == "nosniff"
