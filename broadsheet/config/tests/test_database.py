"""What `database_url` may say, and what becomes of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from broadsheet.config.database import database


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/news", "database_url must begin with"),
        ("postgresql://localhost:port/news", "a port that is no number"),
        ("postgresql://localhost/news?sslmod=require", "'sslmod' after the ?, which PostgreSQL does not"),
        ("postgresql://ada:in#side@localhost/news", "database_url has a #"),
        ("sqlite:////news.sqlite3?mode=ro", "database_url has a ?"),
    ],
)
def test_an_address_that_cannot_be_meant_is_told_in_one_sentence(url, sentence):
    with pytest.raises(ImproperlyConfigured) as fault:
        database(url)
    assert sentence in str(fault.value) and "\n" not in str(fault.value)


def test_the_parts_of_an_address_are_unquoted():
    found = database("postgresql://ada:in%23side@db.example:5433/the%20news")
    assert [found[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")] == [
        "db.example",
        5433,
        "ada",
        "in#side",
        "the news",
    ]
    assert database("sqlite:////srv/what%3F.sqlite3")["NAME"] == "/srv/what?.sqlite3"


def test_options_of_the_database_reach_it():
    found = database("postgresql:///news?host=%2Frun%2Fpg&sslmode=require&connect_timeout=2")
    assert found["OPTIONS"] == {"connect_timeout": "2", "host": "/run/pg", "sslmode": "require"}
