"""Every address of the house. The apps say which pages they have; here they get their place."""

from importlib.util import find_spec

from django.urls import include, path

APPS = ("tender", "scoring", "workflows", "reports")
urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
]
handler400 = "tender.pages.errors.bad_request"
