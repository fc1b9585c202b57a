"""Files in Chromium: dropped or chosen, with how far it is, once more over a lost line, and looked at small."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tests.browser.pages import PHONE, enter, looks_right
from tests.factories import applicant, dossier, film_file, jpeg_file, open_call, pdf_file, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROP = """([zone, name, size, many]) => {
  const files = new DataTransfer();
  for (let each = 0; each < many; each += 1) files.items.add(new File([new Uint8Array(size)], name, { type: "application/pdf" }));
  for (const kind of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""
DROP_REAL = """([zone, name, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(bytes)], name, { type: "application/pdf" }));
  zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
}"""


@pytest.fixture
def small(page, live_server):
    """A draft whose form asks a picture or a short film, open at that question."""
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    user, organisation = applicant()
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    enter(page.context, live_server, user)
    section = next(each.key for each in case.rules.form.sections if any(field.key == "picture" for field in each.fields))
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, section]))
    return case


def test_a_file_is_dropped_sent_again_over_a_lost_line_and_looked_at(page, live_server, small, complaints):
    said, zone = page.locator("#question-q-picture [data-dt-upload-said]"), page.locator("#question-q-picture [data-dt-drop]")
    input_, about = page.locator("[name=q-picture]"), page.locator("#question-q-picture .dt-attached__about a")
    zone.evaluate("(zone, said) => (" + DROP + ")([zone, ...said])", ["groot.pdf", 51 * 1024 * 1024, 1])
    expect(said).to_contain_text("groot.pdf")
    expect(said).to_contain_text("50 MB")
    zone.evaluate("(zone, said) => (" + DROP + ")([zone, ...said])", ["twee.pdf", 10, 2])
    expect(said).not_to_contain_text("groot.pdf")
    assert small.documents.count() == 0

    page.clock.install()
    page.context.set_offline(True)
    zone.evaluate("(zone, said) => (" + DROP_REAL + ")([zone, ...said])", ["plan.pdf", list(pdf_file())])
    expect(said).to_contain_text("3")
    again = page.locator("[data-dt-upload-again]")
    for _time in range(60):
        if again.is_visible():
            break
        page.clock.run_for(1_000)
        page.wait_for_timeout(100)
    expect(again).to_be_visible()
    looks_right(page, "files-lost")
    page.context.set_offline(False)  # by itself, as soon as it can
    expect(about).to_have_text("plan.pdf")
    assert small.documents.count() == 1
    picture = page.locator(".dt-attached__picture img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalHeight", 640)
    looks_right(page, "files-pdf")

    input_.set_input_files({"name": "proef.jpg", "mimeType": "image/jpeg", "buffer": jpeg_file(2000, 1500, "teal")})
    expect(about).to_have_text("proef.jpg")
    looks_right(page, "files-jpeg")
    input_.set_input_files({"name": "slot.pdf", "mimeType": "application/pdf", "buffer": pdf_file()[:200]})
    expect(page.locator("#question-q-picture .dt-field__error")).to_be_visible()
    expect(about).to_have_text("proef.jpg")
    looks_right(page, "files-wrong")
    input_.set_input_files({"name": "proef.mp4", "mimeType": "video/mp4", "buffer": film_file()})
    expect(page.locator("#question-q-picture video")).to_be_visible()
    looks_right(page, "files-film")
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("workflows:check", args=[small.reference]))
    expect(page.locator(".dt-attached")).to_be_visible()
    looks_right(page, "files-check")
    assert [each for each in complaints if not any(known in each for known in ("422", "ERR_INTERNET_DISCONNECTED", "htmx:"))] == []
