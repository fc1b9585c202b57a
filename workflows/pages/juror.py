"""Pages of the juror's room: what to read, the declarations, the sheet, the meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from workflows.pages.juror_advice import AdvicePage, AdvicesPage
from workflows.pages.juror_compare import CompareNow, ComparePage
from workflows.pages.juror_conflicts import ConflictPage, ConflictsPage
from workflows.pages.juror_invitation import InvitationPage
from workflows.pages.juror_meeting import AgendaPage, MeetingNoisePage, MeetingPage
from workflows.pages.juror_practice import PracticePage
from workflows.pages.juror_reading import reading
from workflows.pages.juror_sheet import SheetPage

ROUND = "jury/<slug:call>/<slug:key>/"
urlpatterns: list[URLPattern] = [
    path("jury/", reading, name="reading"),
    path("jury/formulier/<int:pk>/", SheetPage.as_view(), name="sheet"),
    path("jury/uitnodiging/<int:pk>/", InvitationPage.as_view(), name="invitation"),
    path(f"{ROUND}advies/", AdvicesPage.as_view(), name="advices"),
    path(f"{ROUND}advies/<slug:reference>/", AdvicePage.as_view(), name="advice"),
    path(f"{ROUND}belangen/", ConflictsPage.as_view(), name="conflicts"),
    path(f"{ROUND}belangen/<slug:reference>/", ConflictPage.as_view(), name="conflict"),
    path(f"{ROUND}oefenen/<slug:practice>/", PracticePage.as_view(), name="practice"),
    path(f"{ROUND}vergadering/nu/", AgendaPage.as_view(), name="agenda_now"),
    path(f"{ROUND}vergadering/ruis/", MeetingNoisePage.as_view(), name="meeting_noise"),
    path(f"{ROUND}vergadering/", MeetingPage.as_view(), name="meeting"),
    path(f"{ROUND}vergadering/<slug:reference>/", ComparePage.as_view(), name="compare"),
    path(f"{ROUND}vergadering/<slug:reference>/nu/", CompareNow.as_view(), name="compare_now"),
]
