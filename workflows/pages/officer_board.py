"""The list for the board: drawn up from what waits for it, printed, signed on paper, and its signed copy added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.commands.listing import before_the_board
from tender.enums import Role
from tender.http import private
from tender.models import BoardList, Decision
from tender.templatetags.drietrap import moment
from workflows.commands import Refused
from workflows.commands.boarding import board_lists, keep_board_list
from workflows.flows.taking import take_step
from workflows.models import StageMachine
from workflows.pages.room import MONEY_ROLES, StaffForm, StagePage, trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Document, Stage, User


class ListForm(StaffForm):
    """The signed list, and the list that it is the copy of."""

    signs = forms.ChoiceField(
        label=gettext_lazy("Which list is this?"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Compare the code: it stands at the foot of every page."),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Signed list of the board"), help_text=gettext_lazy("A PDF, PNG or JPEG of at most 20 MB."))

    def __init__(self, *args: Any, drawn: list[BoardList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), in_words(each)) for each in drawn]
        self.fields["signs"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["signs"].initial = choices[0][0]


def in_words(drawn: BoardList) -> str:
    """A list by its code, its moment and how many decisions it holds."""
    words = {"code": drawn.code, "at": moment(drawn.made_at), "number": len(drawn.rows)}
    return _("%(code)s: %(number)d decisions, drawn up on %(at)s") % words


def readable(stage: Stage, user: User) -> list[BoardList]:
    """The lists of a stage of which this person may read every decision, newest first: a list is one paper, so an interest in one of its
    applications keeps its owner from all of it."""
    drawn = list(stage.board_lists.select_related("printed", "made_by"))
    listed = {int(pk) for each in drawn for pk in each.rows}
    visible = set(Decision.objects.visible_to(user).filter(pk__in=listed).values_list("pk", flat=True))
    return [each for each in drawn if {int(pk) for pk in each.rows} <= visible]


def may_read(signed: Document, drawn: list[BoardList]) -> bool:
    """Whether a signed copy is of one of these lists; one of before lists were drawn up is of none, and open as it was."""
    return signed.signs_id is None or signed.signs_id in {each.pk for each in drawn}


class BoardListPage(StagePage):
    """Draw up the list, fetch it, add the copy that the board signed, and see which are there."""

    roles = MONEY_ROLES
    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The lists and the form."""
        return self.show(request, self.stage(request, call, key))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Draw up a list, or keep the file of a signed one."""
        stage = self.stage(request, call, key)
        if request.POST.get("step") == "draw_up":
            try:
                take_step(StageMachine, "draw_up", pk=stage.pk, actor=request.user, at=request.at)
            except Refused as refused:
                return self.show(request, stage, refused=refused.reasons, status=409)
            messages.success(request, _("The list is drawn up; it is printed in a moment."))
            return redirect("workflows:board_list", stage.call.reference, stage.key)
        drawn = readable(stage, request.user)
        form = ListForm(request.POST, request.FILES, drawn=drawn)
        if not form.is_valid():
            return self.show(request, stage, form=form, status=422)
        signs = next(each for each in drawn if str(each.pk) == form.cleaned_data["signs"])
        try:
            keep_board_list(stage=stage, file=form.cleaned_data["file"], signs=signs, actor=request.user, at=request.at)
        except Refused as refused:
            form.add_error("file", str(refused))
            return self.show(request, stage, form=form, status=422)
        messages.success(request, _("The list is kept with its hash."))
        return redirect("workflows:decisions", stage.call.reference, stage.key)

    def show(
        self, request: SignedIn, stage: Stage, *, form: ListForm | None = None, refused: tuple[str, ...] = (), status: int = 200
    ) -> HttpResponse:
        """The page."""
        where = reverse("workflows:decisions", args=[stage.call.reference, stage.key])
        drawn, waiting = readable(stage, request.user), before_the_board(stage)
        may = request.user.has_role(Role.BOARD, Role.OFFICER)
        context = {
            "stage": stage,
            "trail": trail((_("Decisions"), where), stage=stage),
            "form": (form or ListForm(drawn=drawn)) if drawn and may else None,
            "lists": [each for each in board_lists(stage) if may_read(each, drawn)],
            "drawn": [(each, all(each.still_says(decision) for decision in waiting) and bool(waiting)) for each in drawn],
            "waiting": len(waiting),
            "may": may,
            "refused": refused,
        }
        return render(request, "workflows/officer/board_list.html", context, status=status)


class BoardListFile(StagePage):
    """The file of a list, printed or signed, for who may read all that is on it."""

    roles = MONEY_ROLES
    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str, pk: int) -> FileResponse:
        """Always as a download, never shown inside our own pages."""
        stage = self.stage(request, call, key)
        drawn = readable(stage, request.user)
        files = [each.printed for each in drawn if each.printed is not None]
        files += [each for each in board_lists(stage) if may_read(each, drawn)]
        found = next((each for each in files if each.pk == pk), None)
        if found is None:
            raise Http404
        return private(FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type))
