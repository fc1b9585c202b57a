from django.urls import path

from workflows.pages import applicant, controller, juror, officer
from workflows.pages.step import StepPage

app_name = "workflows"
urlpatterns = [
    path("step/<slug:noun>/<int:pk>/<slug:name>/", StepPage.as_view(), name="step"),
    *applicant.urlpatterns,
    *juror.urlpatterns,
    *officer.urlpatterns,
    *controller.urlpatterns,
]
