"""When a request arrived, by the one clock: what the web server noted, what a proxy says, and how far either is believed."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.clock import ARRIVED, GRACE, PROXY_BOUND, Offset, arrival, arrived, database_now, started_at_proxy

NOW = 10_000.0


def test_nobody_noted_it():
    assert arrived({}, NOW) is None


@pytest.mark.parametrize(("noted", "counts"), [(NOW - 12.5, NOW - 12.5), (NOW, NOW), (NOW - 301, NOW - 300), (-5.0, NOW - 300)])
def test_what_our_own_server_noted_counts_up_to_the_grace(noted, counts):
    assert timedelta(seconds=300) == GRACE
    assert arrived({ARRIVED: noted}, NOW) == counts


def stamped(seconds_ago, form="t={:.6f}", scale=1):
    return {"HTTP_X_REQUEST_START": form.format((time.time() - seconds_ago) * scale)}


@pytest.mark.parametrize(("form", "scale"), [("t={:.6f}", 1), ("{:.3f}", 1), ("t={:.0f}", 1_000_000), ("{:.0f}", 1000), (" t={:.0f} ", 1000)])
def test_a_proxy_that_is_trusted_is_believed(settings, form, scale):
    settings.PROXY_STAMPS = True
    assert arrived(stamped(11, form, scale), NOW) == pytest.approx(NOW - 11, abs=0.2)


def test_a_proxy_is_believed_only_where_the_settings_say_so(settings):
    assert not settings.PROXY_STAMPS
    assert arrived(stamped(11), NOW) is None
    assert arrived({**stamped(11), ARRIVED: NOW - 1}, NOW) == NOW - 1


@pytest.mark.parametrize("ago", [PROXY_BOUND + 1, 3600, -5])
def test_a_stamp_too_far_back_or_still_to_come_is_not_believed(settings, ago):
    settings.PROXY_STAMPS = True
    assert arrived(stamped(ago), NOW) is None


@pytest.mark.parametrize("header", ["", "t=", "gisteren", "t=1,2", "-5", "1e9", "t=1790000000, t=1790000001", "٣" * 10, "9" * 40, "t=12"])
def test_what_is_no_moment_is_not_believed(settings, header):
    settings.PROXY_STAMPS = True
    assert started_at_proxy(header) is None
    assert arrived({"HTTP_X_REQUEST_START": header}, NOW) is None


def test_the_earlier_of_both_counts(settings):
    settings.PROXY_STAMPS = True
    assert arrived({**stamped(11), ARRIVED: NOW - 3}, NOW) == pytest.approx(NOW - 11, abs=0.2)
    assert arrived({**stamped(3), ARRIVED: NOW - 11}, NOW) == NOW - 11


# ------------------------------------------------------------------------------------------------ the database's clock
@given(st.lists(st.tuples(st.floats(0.0001, 2), st.floats(0, 1), st.floats(0, 100)), min_size=1, max_size=20))
def test_readings_narrow_down_where_the_database_s_clock_is(readings):
    """However long each took, and wherever in it the database looked at its clock, the truth stays between the bounds."""
    truth, offset = 1_790_000_000.0, Offset()
    for took, share, before in readings:
        offset.learn(datetime.fromtimestamp(truth + before + took * share, UTC), before, before + took)
    assert offset.least - 1e-5 <= truth <= offset.most + 1e-5
    assert offset.most - offset.least <= min(took for took, _share, _before in readings) + 0.00101
    assert offset.at(5.0) <= datetime.fromtimestamp(truth + 5.001, UTC)


def test_a_clock_that_was_set_begins_anew():
    offset = Offset()
    offset.learn(datetime.fromtimestamp(1_790_000_000, UTC), 0.0, 0.001)
    offset.learn(datetime.fromtimestamp(1_790_003_601, UTC), 1.0, 1.002)
    assert offset.at(1.0) == pytest.approx(datetime.fromtimestamp(1_790_003_600.998, UTC), abs=timedelta(milliseconds=1))


@pytest.mark.django_db
def test_the_arrival_is_told_by_the_database_s_clock():
    before = database_now()
    assert before <= arrival({}) <= database_now()
    waited = before - arrival({ARRIVED: time.monotonic() - 20})
    assert timedelta(seconds=19.5) < waited < timedelta(seconds=20.5)
    assert arrival({ARRIVED: time.monotonic() + 3600}) <= database_now(), "nothing arrives after it is served"
