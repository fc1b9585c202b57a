from django.urls import path

from workflows.pages import applicant, asking, calendars, coach, consenting, controller, juror, minutes, officer, organisations, together
from workflows.pages.step import StepPage

app_name = "workflows"
urlpatterns = [
    path("step/<slug:noun>/<int:pk>/<slug:name>/", StepPage.as_view(), name="step"),
    *applicant.urlpatterns,
    *asking.urlpatterns,
    *calendars.urlpatterns,
    *coach.urlpatterns,
    *juror.urlpatterns,
    *minutes.urlpatterns,
    *officer.urlpatterns,
    *controller.urlpatterns,
    *together.urlpatterns,
    *consenting.urlpatterns,
    *organisations.urlpatterns,
]
