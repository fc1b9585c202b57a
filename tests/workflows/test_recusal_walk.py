"""Whoever has an interest walks every address of the house, and nowhere reads of the application that is closed to them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from openpyxl import load_workbook

from reports.commands.exporting import ask_export, make_export
from reports.exports.columns import Scope
from reports.exports.kinds import KINDS
from scoring.models import Advice
from tender.calendar import amsterdam_day
from tender.models import (
    Application,
    BankStatement,
    Document,
    DraftChange,
    Grant,
    Invitation,
    Joining,
    Organisation,
    PaymentBatch,
    PaymentLine,
    ProgressReport,
    Question,
    StandIn,
)
from tender.sepa import next_target_day
from tests.factories import assign, clock, close, declare, deliver, open_call, score, screen, submitted, variant
from tests.factories.awarded import award
from tests.factories.paying import camt, entry
from tests.workflows.pages.house import sign_in
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.paying import draw_up, read_statements
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.models import BatchMachine, ConflictMachine, Event, GrantMachine, InstalmentMachine, Letter, StageMachine

pytestmark = pytest.mark.django_db
SECRETS = ("Geheimtitel", "Geheimhuis", "Geheimstuk")
MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')
OWN_COVER = {"workflows:declare", "workflows:declare_round", "workflows:conflict", "workflows:conflicts"}
"""Where people read the cover on which they declared, and what they declared: never more than that cover."""
OF_NO_APPLICATION = {"workflows:invitation", "reports:export", "reports:export_progress"}
"""One's own seat, one's own files: nobody else's are found there (`tests/reports/test_exports_recused.py`)."""
PUBLISHED = {"tender:showcase", "tender:call", "tender:results", "reports:register", "reports:register_file"}
"""What got a grant is published: everybody may read there who gets what for which plan."""
TYPED = {"reports:search": "?q=Geheimtit"}
"""The beginning of a secret: who finds it, sees the whole."""


def addresses():
    """Every address of ours: its name, and the names of its arguments."""

    def found(resolver, space="", before=()):
        for each in resolver.url_patterns:
            keys = before + tuple(each.pattern.converters)
            if isinstance(each, URLResolver):
                yield from found(each, each.namespace or space, keys)
            elif space in {"tender", "workflows", "reports"}:
                yield f"{space}:{each.name}", keys

    return dict(found(get_resolver()))


def numbered(name, case):
    """The rows of the closed application, or of its round, that an address with a number can be about."""
    return {
        "tender:document": Document.objects.filter(application=case),
        "tender:document_preview": Document.objects.filter(application=case),
        "workflows:letter": Letter.objects.filter(application=case),
        "workflows:correct_letter": Letter.objects.filter(application=case),
        "workflows:receipt_file": case.submissions.all(),
        "workflows:question": Question.objects.filter(stage__call=case.call),
        "workflows:sheet": case.sheets.all(),
        "workflows:decision": case.decisions.all(),
        "workflows:grant": Grant.objects.filter(application=case),
        "workflows:settle": Grant.objects.filter(application=case),
        "workflows:take": Grant.objects.filter(application=case),
        "workflows:note_insolvency": Grant.objects.filter(application=case),
        "reports:letter_preview": case.decisions.all(),
        "reports:letter_preview_pdf": case.decisions.all(),
        "workflows:report": ProgressReport.objects.filter(grant__application=case),
        "workflows:report_check": ProgressReport.objects.filter(grant__application=case),
        "workflows:board_list_file": Document.objects.filter(stage=case.stage),
        "tender:put_back": DraftChange.objects.filter(application=case),
        "workflows:invitation_step": Invitation.objects.filter(application=case),
        "workflows:organisation": Organisation.objects.filter(applications=case),
        "workflows:stand_in_call_off": StandIn.objects.all(),
        "workflows:object": case.decisions.all(),
        "workflows:own_objection": case.objections.all(),
        "workflows:objection": case.objections.all(),
        "workflows:propose_anew": case.objections.all(),
        "workflows:enter_objection": case.decisions.all(),
        "workflows:batch": PaymentBatch.objects.filter(lines__instalment__grant__application=case),
        "workflows:statement": BankStatement.objects.filter(entries__line__instalment__grant__application=case),
        "reports:batch_xlsx": PaymentBatch.objects.filter(lines__instalment__grant__application=case),
        "workflows:aid_party": Organisation.objects.filter(applications=case),
        "workflows:joining_step": Joining.objects.filter(organisation__applications=case),
    }[name]


def filled(name, keys, case):
    """With which arguments an address is about the closed application or its round; an address that is not known here fails the walk."""
    if name in OF_NO_APPLICATION:
        return []
    if keys == ("noun", "pk", "name"):
        rows = [("application", case), ("stage", case.stage), *(("decision", each) for each in case.decisions.all())]
        rows += [("scoresheet", each) for each in case.sheets.all()[:1]] + [("conflict", each) for each in case.conflicts.all()[:1]]
        rows += [("advice", each) for each in Advice.objects.filter(application=case)]
        return [(noun, row.pk, arrow.name) for noun, row in rows for arrow in arrows(MACHINES[noun])]
    if keys == ("noun", "reference"):
        return [("dossier", case.reference), ("call", case.call.reference)]
    of_call = name in {
        "tender:call",
        "tender:results",
        "tender:answers",
        "tender:call_dates",
        "workflows:start",
        "workflows:ask",
        "reports:call",
    }
    known = {
        "practice": next((each.key for each in case.stage.rules.practice), "none"),
        "call": case.call.reference,
        "kind": "receipt" if name.startswith("reports:wording") else "organisatie",
        "key": case.stage.key,
        "section": "1",
        "token": "0" * 64,
        "language": "nl",
        "secret": "geraden",
        "what": "again",
        "answer": "given",
        "scheme": case.call.version.scheme.key,
        "stage": case.stage.key,
        "form": "csv",
        "user": case.applicant_id,
        "event": Event.objects.filter(chain=f"dossier:{case.reference}").latest("seq").pk,
        "reference": (case.call if of_call else case).reference,
    }
    rows = numbered(name, case).values_list("pk", flat=True) if "pk" in keys else [None]
    return [tuple(row if key == "pk" else known[key] for key in keys) for row in rows]


def walk(client, user, case):
    """What leaks: address, status, what was read. A bare reference counts where the address itself does not hold it."""
    sign_in(client, user)
    public, leaks, seen = Grant.objects.filter(application=case).exists(), [], 0
    for name, keys in addresses().items():
        for args in [] if name in OWN_COVER or (public and name in PUBLISHED) else filled(name, keys, case):
            response = client.get(reverse(name, args=args) + TYPED.get(name, ""))
            body = response.getvalue() if response.streaming else response.content
            text = str(response.headers.items()) + body.decode("utf-8", "replace")
            seen += 1
            found = [word for word in SECRETS if word in text]
            found += [case.reference] if case.reference in text and case.reference not in args else []
            if found:
                leaks.append((name, args, response.status_code, found))
    assert seen > 60, "it was walked at all"
    return leaks


def version(*, whole):
    return variant("hub_support", MEETS, ("recuse_whole_round = true", f"recuse_whole_round = {str(whole).lower()}"))


def hide(case):
    """The closed application bears the secrets: title, who applies, the name of a file."""
    own = Organisation.objects.create(name="Geheimhuis", kvk="87654321", city="Assen", legal_form="foundation")
    Application.objects.filter(pk=case.pk).update(title="Geheimtitel", organisation=own)
    Document.objects.filter(application=case).update(name="Geheimstuk.pdf")
    return Application.objects.get(pk=case.pk)


def met(*, whole, to_the_end):
    """A round of two in its meeting, or ranked."""
    game = open_call(version(whole=whole))
    house, stage = game.house, game.stage()
    title = stage.rules.form.title
    cases = [submitted(game.call, at=game.at, **{title: name}) for name in ("Geheimtitel", "Open")]
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
        assign(case, house.jurors[:4], house, at)

    def take(name, actor, **data):
        perform(StageMachine, name, pk=stage.pk, actor=actor, at=at, **data)

    take("start_scoring", house.officer)
    for case in cases:
        for juror in house.jurors[:4]:
            score(case, juror, at, mark="4")
    take("convene", house.chair, present=[juror.pk for juror in house.jurors])
    if to_the_end:
        take("minute", house.secretary, minutes="Wij waren het eens.")
        take("sign_minutes", house.chair)
        take("ask_rank", house.secretary)
        take("rank", house.chair)
    deliver()
    return game, hide(cases[0]), at


def interest(case, user, at):
    perform(ConflictMachine, "declare_interest", pk=case.conflicts.get(user=user).pk, actor=user, at=at, kind="family", explanation="Zus.")
    return Application.objects.get(pk=case.pk)


def who_is(name, house):
    return house.jurors[2] if name == "juror" else getattr(house, name)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("who", ["juror", "secretary", "officer"])
def test_a_ranked_round_tells_nothing_of_what_is_closed(client, who, whole):
    game, case, at = met(whole=whole, to_the_end=True)
    user = who_is(who, game.house)
    case = interest(case, user, at)
    assert walk(client, user, case) == []
    mail.outbox.clear()
    for days in (1, 8, 30):
        tick(at + timedelta(days=days))
        deliver()
    told = " ".join(f"{one.subject} {one.body}" for one in mail.outbox if user.email in one.to)
    assert [word for word in (*SECRETS, case.reference) if word in told] == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_meeting_that_goes_on_tells_nothing_of_what_is_closed(client, whole):
    game, case, at = met(whole=whole, to_the_end=False)
    user = game.house.jurors[2]
    assert walk(client, game.house.jurors[3], case) != [], "who has no interest reads it, so the walk can fail"
    case = interest(case, user, at)
    assert walk(client, user, case) == []


def paid_by_the_bank(it):
    """The first payment of the first grant goes into a file, and a statement of the bank tells of it."""
    grant, controller = it.grants[0], it.cast["controller"]
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    it.take(InstalmentMachine, "approve", part, "officer")
    batch = draw_up([part.pk], execute_on=next_target_day(amsterdam_day(it.at)), actor=it.cast["officer"], at=it.at)
    it.take(BatchMachine, "approve", batch, "controller", seen=batch.sha256)
    it.take(BatchMachine, "make_file", batch, "controller")
    PaymentLine.objects.update(name="Geheimhuis")
    read_statements(camt(entry(batch.lines.get(), day=it.at.date().isoformat())), actor=controller, at=it.at)


@pytest.mark.parametrize("who", ["juror", "secretary", "officer"])
def test_an_awarded_grant_tells_nothing_of_what_is_closed(client, who):
    """Found out after publication: then the clock alone closes it."""
    it = award(2, version=variant("hub_support", ("recuse_whole_round = true", "recuse_whole_round = false")))
    paid_by_the_bank(it)
    case, user = hide(it.grants[0].application), it.cast[who]
    perform(ConflictMachine, "recuse", pk=case.conflicts.get(user=user).pk, actor=clock(), at=it.at, reason="Familie.")
    case = Application.objects.get(pk=case.pk)
    assert Letter.objects.filter(application=case).exists()
    leaks = walk(client, user, case)
    assert leaks == [], leaks


def test_every_export_of_an_officer_leaves_it_out_cell_by_cell(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    game, case, at = met(whole=False, to_the_end=True)
    user = game.house.officer

    def cells(kind):
        made = make_export(pk=ask_export(kind=kind, form="xlsx", scope=Scope(), actor=user, at=at).pk)
        with made.file.open("rb") as file:
            book = load_workbook(file, read_only=True)
            return {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None}

    allowed = []
    for kind in KINDS:
        try:
            cells(kind)
        except PermissionDenied:
            continue
        allowed.append(kind)
    assert allowed
    before = set().union(*(cells(kind) for kind in allowed))
    assert any("Geheimtitel" in cell for cell in before)
    case = interest(case, user, at)
    after = set().union(*(cells(kind) for kind in allowed))
    assert [cell for cell in after if any(word in cell for word in (*SECRETS, case.reference))] == []
