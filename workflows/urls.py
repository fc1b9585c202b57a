from django.urls import path

from workflows.pages import (
    applicant,
    asking,
    calendars,
    coach,
    consenting,
    controller,
    juror,
    lateness,
    minutes,
    objecting,
    objection,
    officer,
    organisations,
    posting,
    together,
)
from workflows.pages.step import StepPage

app_name = "workflows"
urlpatterns = [
    path("step/<slug:noun>/<int:pk>/<slug:name>/", StepPage.as_view(), name="step"),
    *applicant.urlpatterns,
    *asking.urlpatterns,
    *calendars.urlpatterns,
    *coach.urlpatterns,
    *juror.urlpatterns,
    *lateness.urlpatterns,
    *minutes.urlpatterns,
    *posting.urlpatterns,
    *officer.urlpatterns,
    *objecting.urlpatterns,
    *objection.urlpatterns,
    *controller.urlpatterns,
    *together.urlpatterns,
    *consenting.urlpatterns,
    *organisations.urlpatterns,
]
