"""The pages about post and about a letter that mends: each on a desk and on a phone, with axe."""

import pytest
from django.urls import reverse

from tests.browser.pages import enter, looks_right
from tests.factories import deliver
from tests.workflows.machines.test_posting import asked, bounced, posted, routed, signed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_of_post(page, live_server, complaints):
    everybody, case, at, letter = posted()
    row = bounced(case, everybody["signer"])

    def see(name, *args, who=None, shot):
        if who:
            enter(page.context, live_server, everybody[who])
        assert page.goto(live_server.url + reverse(f"workflows:{name}", args=args)).status == 200
        looks_right(page, f"post-{shot}")

    see("undelivered", who="officer", shot="no-address")
    see("post_route", case.reference, shot="route-house")
    see("address_works", case.reference, row.user_id, shot="works")
    see("correct_letter", letter.pk, shot="mend")
    routed(case, everybody["signer"], at)
    see("undelivered", shot="queue")
    see("on_paper", letter.event_id, shot="paper")
    made = asked(letter, everybody["officer"], at)
    see("inbox", who="signatory", shot="inbox")
    see("step", "correction", made.pk, "sign", shot="sign")
    signed(made, everybody["signatory"], at)
    deliver()
    see("dossier", case.reference, who="officer", shot="dossier-house")
    see("dossier", case.reference, who="signer", shot="dossier-party")
    see("post_route", case.reference, shot="route-party")
    assert complaints == []
