"""Forms of the lower house: the questions of a scheme as a page asks them, and who somebody is."""

from tender.forms.inviting import Answer, AskIn, AskPartner, Invite, LetIn
from tender.forms.posted import posted, seen_of, seen_token
from tender.forms.profile import ProfileForm
from tender.forms.questions import AnswerForm, Beside, Question, questions
from tender.forms.starting import StartApplication

__all__ = [
    "Answer", "AnswerForm", "AskIn", "AskPartner", "Beside", "Invite", "LetIn", "ProfileForm", "Question", "StartApplication", "posted",
    "questions", "seen_of", "seen_token",
]  # fmt: skip
