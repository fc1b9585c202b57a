from django.urls import path

from workflows.pages import applicant, asking, calendars, consenting, controller, juror, minutes, officer, organisations, posting, together
from workflows.pages.step import StepPage

app_name = "workflows"
urlpatterns = [
    path("step/<slug:noun>/<int:pk>/<slug:name>/", StepPage.as_view(), name="step"),
    *applicant.urlpatterns,
    *asking.urlpatterns,
    *calendars.urlpatterns,
    *juror.urlpatterns,
    *minutes.urlpatterns,
    *posting.urlpatterns,
    *officer.urlpatterns,
    *controller.urlpatterns,
    *together.urlpatterns,
    *consenting.urlpatterns,
    *organisations.urlpatterns,
]
