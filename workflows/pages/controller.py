"""Pages of payment and settlement: controller and officer."""

from __future__ import annotations

from django.urls import URLPattern, path

from workflows.pages.grants import GrantPage, GrantsPage, SettlePage
from workflows.pages.ledger import LedgerPage
from workflows.pages.paying import urlpatterns as paying
from workflows.pages.payments import PaymentsPage
from workflows.pages.statements import urlpatterns as statements
from workflows.pages.taking import NoteInsolvencyPage, TakePage

urlpatterns: list[URLPattern] = [
    path("betalingen/", PaymentsPage.as_view(), name="payments"),
    path("rondes/<str:call>/grootboek/", LedgerPage.as_view(), name="ledger"),
    *paying,
    *statements,
    path("subsidies/", GrantsPage.as_view(), name="grants"),
    path("subsidies/<int:pk>/", GrantPage.as_view(), name="grant"),
    path("subsidies/<int:pk>/intrekken/", TakePage.as_view(), name="take"),
    path("subsidies/<int:pk>/insolventie/", NoteInsolvencyPage.as_view(), name="note_insolvency"),
    path("subsidies/<int:pk>/vaststellen/", SettlePage.as_view(), name="settle"),
]
