from django.urls import path

from reports.pages import audit, batches, checking, exports, letters, mail, paper, register, wordings

app_name = "reports"
urlpatterns = [
    path("profiel/mail/", mail.preferences, name="mail"),
    path("profiel/mail/adres/", mail.works_again, name="mail_works"),
    path("mail/uit/<str:token>/", mail.turn_off_page, name="mail_off"),
    path("werk/mail/papier/post.pdf", paper.paper_pdf, name="paper_pdf"),
    path("werk/mail/papier/<uuid:event>/post.pdf", paper.paper_pdf, name="paper_pdf_one"),
    path("brief/controleren/", checking.check_letter, name="check_letter"),
    path("besluit/<int:pk>/brief/", letters.preview, name="letter_preview"),
    path("besluit/<int:pk>/brief/concept.pdf", letters.preview_pdf, name="letter_preview_pdf"),
    path("werk/brieven/", wordings.Wordings.as_view(), name="wordings"),
    path("werk/brieven/<slug:scheme>/<slug:stage>/<slug:kind>/<slug:language>/", wordings.Edit.as_view(), name="wording"),
    path("werk/brieven/<slug:scheme>/<slug:stage>/<slug:kind>/<slug:language>/wie/", wordings.History.as_view(), name="wording_history"),
    path("betalingen/batches/<int:pk>/batch.xlsx", batches.BatchSheet.as_view(), name="batch_xlsx"),
    path("register/", register.register, name="register"),
    path("register/<slug:language>/register.<slug:form>", register.register_file, name="register_file"),
    path("audit/", audit.dashboard, name="dashboard"),
    path("audit/zoeken/", audit.search, name="search"),
    path("audit/dossier/<slug:reference>/", audit.dossier, name="dossier"),
    path("audit/openstelling/<slug:reference>/", audit.call, name="call"),
    path("audit/controle/", audit.check, name="check_all"),
    path("audit/controle/<slug:noun>/<slug:reference>/", audit.check, name="check"),
    path("audit/exports/", exports.Exports.as_view(), name="exports"),
    path("audit/exports/<int:pk>/", exports.Download.as_view(), name="export"),
    path("audit/exports/<int:pk>/voortgang/", exports.Progress.as_view(), name="export_progress"),
]
