"""What is warned of before it runs in earnest."""

import pytest

from tender.deploying import cache_is_shared

BACKENDS = "django.core.cache.backends"


@pytest.mark.parametrize(
    ("backend", "warned"),
    [("locmem.LocMemCache", ["drietrap.W001"]), ("dummy.DummyCache", ["drietrap.W001"]), ("redis.RedisCache", []), ("db.DatabaseCache", [])],
)
def test_a_cache_of_one_process_is_warned_of(settings, backend, warned):
    settings.CACHES = {"default": {"BACKEND": f"{BACKENDS}.{backend}"}}
    assert [each.id for each in cache_is_shared()] == warned
