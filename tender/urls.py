from django.urls import path

from tender.pages import account, answers, documents, drafting, feeds, finding, fitting, history, public, receipts

app_name = "tender"
urlpatterns = [
    path("", finding.calls, name="calls"),
    path("welk-fonds/", fitting.fits, name="fits"),
    path("resultaten/", public.showcase, name="showcase"),
    path("openstelling/<slug:reference>/", public.call, name="call"),
    path("openstelling/<slug:reference>/uitslag/", public.round_results, name="results"),
    path("ontvangst/controleren/", receipts.check_receipt, name="check_receipt"),
    path("ontvangst/sleutels.json", receipts.receipt_keys, name="receipt_keys"),
    path("openstelling/<slug:reference>/vragen/", answers.answers, name="answers"),
    path("openstelling/<slug:reference>/agenda.ics", feeds.call_dates, name="call_dates"),
    path("volgen/<slug:language>/openstellingen.rss", feeds.CallsFeed(), name="calls_rss"),
    path("volgen/<slug:language>/openstellingen.atom", feeds.CallsAtom(), name="calls_atom"),
    path("volgen/<slug:language>/antwoorden.rss", feeds.AnswersFeed(), name="answers_rss"),
    path("volgen/<slug:language>/antwoorden.atom", feeds.AnswersAtom(), name="answers_atom"),
    path("volgen/<slug:language>/openstellingen.ics", feeds.calendar, name="calendar"),
    path("thuis/", account.home, name="home"),
    path("profiel/", account.profile, name="profile"),
    path("demo/", account.demo_sign_in, name="demo_sign_in"),
    path("dossier/<slug:reference>/formulier/", drafting.draft, name="draft"),
    path("dossier/<slug:reference>/formulier/<slug:section>/", drafting.SectionPage.as_view(), name="section"),
    path("dossier/<slug:reference>/geschiedenis/", history.history, name="history"),
    path("dossier/<slug:reference>/geschiedenis/<int:pk>/<slug:key>/terug/", history.put_back_answer, name="put_back"),
    path("bestand/<int:pk>/", documents.document, name="document"),
    path("bestand/<int:pk>/voorbeeld/", documents.document_preview, name="document_preview"),
]
