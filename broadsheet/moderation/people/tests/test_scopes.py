"""Moderators of some sections: what they decide, arrange and see, and who says so."""

from __future__ import annotations

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.actions import thread_for
from broadsheet.moderation import arranging, rules
from broadsheet.moderation.actions import decide, pick
from broadsheet.moderation.models import Change, Decision
from broadsheet.moderation.people import scopes
from broadsheet.moderation.people.actions import lift


@pytest.fixture
def in_sport(make_comment, make_story, sport):
    return make_comment("A goal.", thread=thread_for(make_story("The derby", section=sport)))


def test_a_moderator_without_sections_and_a_supervisor_look_after_the_whole_paper(moderator, supervisor, sport):
    assert rules.sections_of(moderator) is None
    supervisor.moderated_sections.create(section=sport)
    assert rules.sections_of(Reader.objects.get(pk=supervisor.pk)) is None


def test_they_decide_in_their_sections_alone(of_sport, make_comment, in_sport, sport):
    in_town = make_comment()
    assert rules.sections_of(of_sport) == {sport.pk}
    for act in (
        lambda: decide(moderator=of_sport, comment=in_town, seen="published", after="rejected", reason="spam"),
        lambda: pick(moderator=of_sport, comment=in_town),
    ):
        with pytest.raises(Refused, match="other sections"):
            act()
    assert decide(moderator=of_sport, comment=in_sport, seen="published", after="rejected", reason="spam")
    assert Decision.objects.count() == 1


def test_they_arrange_discussions_in_their_sections_alone(of_sport, thread, in_sport):
    with pytest.raises(Refused, match="other sections"):
        arranging.close_discussion(moderator=of_sport, thread=thread)
    assert arranging.close_discussion(moderator=of_sport, thread=in_sport.thread).closed_by_hand


def test_they_are_shown_no_comment_of_another_section_at_the_desk(client, of_sport, make_comment, in_sport):
    hidden = make_comment("Xhidden", status="rejected")
    client.force_login(of_sport)
    for answer in (
        client.get(f"/moderation/comments/{hidden.pk}/"),
        client.post(f"/moderation/comments/{hidden.pk}/decide/", {"seen": "rejected", "after": "published"}),
        client.post(f"/moderation/comments/{hidden.pk}/pick/", {"pick": "yes"}),
        client.get(f"/moderation/people/{hidden.author_id}/"),
    ):
        assert "Xhidden" not in answer.content.decode()
    own, talk = f"/moderation/comments/{hidden.pk}/", f"/moderation/discussions/{hidden.thread_id}/comments/"
    assert [client.get(address).status_code for address in (own, f"{own}acts/", talk)] == [403] * 3
    assert client.get(f"/moderation/comments/{in_sport.pk}/").status_code == 200
    listed = client.get("/moderation/discussions/").content.decode()
    assert "The derby" in listed and hidden.thread.story.headline not in listed


def test_they_read_of_decisions_and_sanctions_there_alone(
    client, do, of_sport, make_comment, in_sport, section, sport, supervisor
):
    in_town = make_comment()
    for comment in (in_town, in_sport):
        decide(moderator=supervisor, comment=comment, seen="published", after="rejected", reason="spam")
    for place in (section, sport):
        do("premod", by=supervisor, section=place, told=f"Of {place}.")
    client.force_login(of_sport)
    for address, there in (("decisions/", "The derby"), ("people/", "Of Sport.")):
        page = client.get(f"/moderation/{address}").text
        assert there in page
        assert in_town.thread.story.headline not in page and "Of Town." not in page


def test_they_sanction_in_their_sections_alone(do, of_sport, section, sport, moderator):
    everywhere = do("ban", by=Reader.objects.create_superuser("z@example.org", "Zoe Zink", None))
    for place in (None, section):
        with pytest.raises(Refused, match="other sections"):
            do("warning", by=of_sport, section=place)
    held = do("warning", by=of_sport, section=sport)
    with pytest.raises(Refused, match="other sections"):
        lift(moderator=of_sport, sanction=everywhere)
    assert lift(moderator=of_sport, sanction=held).lifted_at


def test_supervisors_say_who_looks_after_what_and_it_is_recorded(supervisor, moderator, sport, section):
    scopes.set_scopes(supervisor=supervisor, moderator=moderator, sections=[sport.pk, section.pk])
    scopes.set_scopes(supervisor=supervisor, moderator=moderator, sections=[sport.pk])
    scopes.set_scopes(supervisor=supervisor, moderator=moderator, sections=[sport.pk])
    rows = list(Change.objects.order_by("pk").values_list("what", "about", "before", "after"))
    about = f"account {moderator.pk}"
    assert rows == [("scope", about, [], ["sport", "town"]), ("scope", about, ["sport", "town"], ["sport"])]
    assert rules.sections_of(moderator) == {sport.pk}


def test_nobody_else_says_so(moderator, supervisor, reader, sport):
    for somebody in (moderator, reader):
        with pytest.raises(Refused, match="Only those who supervise"):
            scopes.set_scopes(supervisor=somebody, moderator=moderator, sections=[sport.pk])
    with pytest.raises(Refused, match="the whole paper"):
        scopes.set_scopes(supervisor=supervisor, moderator=supervisor, sections=[sport.pk])
    with pytest.raises(Refused, match="Only a moderator"):
        scopes.set_scopes(supervisor=supervisor, moderator=reader, sections=[sport.pk])
    with pytest.raises(Unacceptable, match="no such section"):
        scopes.set_scopes(supervisor=supervisor, moderator=moderator, sections=[999])
    assert not Change.objects.exists()


def test_a_page_of_cards_asks_once_for_the_sections(of_sport, in_sport, django_assert_num_queries):
    of_sport = Reader.objects.get(pk=of_sport.pk)
    rules.why_not_decide(of_sport, in_sport)
    with django_assert_num_queries(0):
        for _ in range(20):
            rules.why_not_decide(of_sport, in_sport)
