"""Pages of the administrator's room: coach, officer, reader, board, signatory, head."""

from __future__ import annotations

from django.urls import URLPattern, path

from workflows.pages.decision_steps import DecisionStepPage
from workflows.pages.officer_aid import AidListPage, AidPage
from workflows.pages.officer_assign import AssignPage
from workflows.pages.officer_board import BoardListFile, BoardListPage
from workflows.pages.officer_calls import CallsPage, PlanPage
from workflows.pages.officer_completion import CompletionPage
from workflows.pages.officer_decision import DecisionPage
from workflows.pages.officer_decisions import DecisionsPage
from workflows.pages.officer_desk import DeskPage
from workflows.pages.officer_handover import HandOverPage
from workflows.pages.officer_inbox import InboxPage
from workflows.pages.officer_insight import InsightPage, NoisePage
from workflows.pages.officer_mail import UndeliveredPage
from workflows.pages.officer_overview import OverviewPage
from workflows.pages.officer_panel import PanelPage
from workflows.pages.officer_people import DeclareRound
from workflows.pages.officer_pitches import PitchSlotsPage
from workflows.pages.officer_postponing import PostponePage
from workflows.pages.officer_queue import QueuePage
from workflows.pages.officer_ranking import RankingPage
from workflows.pages.officer_reliability import ReliabilityPage
from workflows.pages.officer_round import StageDashboard
from workflows.pages.officer_screening import ScreeningPage
from workflows.pages.officer_standing_in import CallOff, StandInsPage
from workflows.pages.officer_terms import TermsPage
from workflows.pages.officer_whole import ProposePage, PublishPage

ROUND = "werk/openstellingen/<slug:call>/<slug:key>/"
urlpatterns: list[URLPattern] = [
    path("werk/", InboxPage.as_view(), name="inbox"),
    path("werk/mail/", UndeliveredPage.as_view(), name="undelivered"),
    path("werk/termijnen/", TermsPage.as_view(), name="terms"),
    path("werk/staatssteun/", AidListPage.as_view(), name="aid"),
    path("werk/staatssteun/<slug:kind>/<int:pk>/", AidPage.as_view(), name="aid_party"),
    path("werk/overzicht/", OverviewPage.as_view(), name="overview"),
    path("werk/overdragen/", HandOverPage.as_view(), name="hand_over"),
    path("werk/vervanging/", StandInsPage.as_view(), name="stand_ins"),
    path("werk/vervanging/<int:pk>/afzeggen/", CallOff.as_view(), name="stand_in_call_off"),
    path("werk/openstellingen/", CallsPage.as_view(), name="calls"),
    path("werk/openstellingen/nieuw/", PlanPage.as_view(), name="plan_call"),
    path("werk/besluit/<int:pk>/", DecisionPage.as_view(), name="decision"),
    path(ROUND, StageDashboard.as_view(), name="stage"),
    path(f"{ROUND}verklaren/", DeclareRound.as_view(), name="declare_round"),
    path(f"{ROUND}panel/", PanelPage.as_view(), name="panel"),
    path(f"{ROUND}pitches/", PitchSlotsPage.as_view(), name="pitch_slots"),
    path(f"{ROUND}screening/", ScreeningPage.as_view(), name="screening"),
    path(f"{ROUND}screening/<slug:reference>/", DeskPage.as_view(), name="desk"),
    path(f"{ROUND}aanvullen/", CompletionPage.as_view(), name="completion"),
    path(f"{ROUND}toewijzing/", AssignPage.as_view(), name="assign"),
    path(f"{ROUND}rangschikking/", RankingPage.as_view(), name="ranking"),
    path(f"{ROUND}rangschikking/inzicht/", InsightPage.as_view(), name="insight"),
    path(f"{ROUND}rangschikking/inzicht/ruis/", NoisePage.as_view(), name="noise"),
    path(f"{ROUND}rangschikking/betrouwbaarheid/", ReliabilityPage.as_view(), name="reliability"),
    path(f"{ROUND}besluiten/", DecisionsPage.as_view(), name="decisions"),
    path(f"{ROUND}besluiten/samen/", DecisionStepPage.as_view(), name="decision_steps"),
    path(f"{ROUND}besluiten/voorstellen/", ProposePage.as_view(), name="propose_round"),
    path(f"{ROUND}besluiten/bekendmaken/", PublishPage.as_view(), name="publish_round"),
    path(f"{ROUND}uitstel/", PostponePage.as_view(), name="postpone_round"),
    path(f"{ROUND}besluiten/rij/", QueuePage.as_view(), name="queue"),
    path(f"{ROUND}bestuurslijst/", BoardListPage.as_view(), name="board_list"),
    path(f"{ROUND}bestuurslijst/<int:pk>/", BoardListFile.as_view(), name="board_list_file"),
]
