"""Every rule speaks, of every kind; all findings are kept, and what they ask for happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for
from broadsheet.discussion.models import Comment
from broadsheet.intake import actions, rulesets
from broadsheet.intake.models import Edition, Found, Listing, Rule, Switch
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Change, Decision, Entry
from broadsheet.stories.models import Section

pytestmark = pytest.mark.django_db


def say(author, thread, body, **facts):
    return post_comment(author=author, thread=thread, body=body, **facts)


def said_by(comment):
    return [(flag.rule, flag.asks_for) for flag in comment.flags.order_by("pk") if flag.check_name.startswith("rules.")]


def test_a_listed_word_holds_the_comment_and_the_finding_says_where_it_stands(thread, reader, insults):
    comment = say(reader, thread, "You utter b l 0 r p e t, go away.")
    flag = comment.flags.get()
    assert comment.status == "pending"
    assert (flag.check_name, flag.rule, flag.asks_for) == ("rules.phrases", "No insults", "pending")
    assert flag.reason == "“blorpet”: on the list “Insults”."
    [[start, end]] = flag.spans
    assert comment.body[start:end] == "b l 0 r p e t"
    assert say(reader, thread, "A class of assets.").status == "published"


def test_spans_are_code_points_of_the_body_as_it_is_kept(thread, reader, insults):
    comment = say(reader, thread, "😀😀 Ça va, blorpet?")
    [[start, end]] = comment.flags.get().spans
    assert comment.body[start:end] == "blorpet"


def test_all_rules_speak_and_the_strictest_decides(thread, reader, make_list, make_rule):
    listing = make_list("blorpet")
    make_rule("phrases", name="Noted", asks_for="note", params={"listings": [listing.pk]}, minutes=30)
    make_rule("links", name="Links", params={"most": 0})
    make_rule("phrases", name="Away", asks_for="reject", reason="abusive", params={"listings": [listing.pk]})
    comment = say(reader, thread, "blorpet https://example.org/a")
    assert comment.status == "rejected"
    assert said_by(comment) == [("Noted", ""), ("Links", "pending"), ("Away", "rejected")]
    made = Decision.objects.get(comment=comment)
    assert (made.source, made.after, made.reason) == ("rule", "rejected", "abusive")
    assert Found.objects.filter(comment=comment).count() == 3


def test_what_a_rule_finds_moves_a_comment_forward_in_its_queue(thread, reader, make_list, make_rule):
    listing = make_list("blorpet")
    make_rule("phrases", name="Urgent", params={"listings": [listing.pk]}, minutes=600)
    entry = Entry.objects.get(comment=say(reader, thread, "blorpet"), queue="pending")
    assert entry.since - entry.due >= timedelta(minutes=600)
    assert ["flag", 600, {"check": "rules.phrases", "rule": "Urgent"}] in entry.why


def test_a_rule_on_trial_notes_what_it_finds_and_holds_nothing(thread, reader, insults, supervisor):
    actions.set_state(by=supervisor, rule=insults, state="trial")
    comment = say(reader, thread, "blorpet")
    assert comment.status == "published"
    flag = comment.flags.get()
    assert (flag.asks_for, flag.minutes, flag.reason) == ("", 0, "On trial: “blorpet”: on the list “Insults”.")
    assert Found.objects.get(rule=insults).on_trial


def test_a_rule_that_is_off_says_nothing(thread, reader, insults, supervisor):
    actions.set_state(by=supervisor, rule=insults, state="off")
    assert not say(reader, thread, "blorpet").flags.exists()


def test_rules_are_asked_again_about_an_edit(thread, reader, insults):
    comment = say(reader, thread, "Nothing to see.")
    edited = edit_comment(author=reader, comment=comment, body="blorpet after all")
    assert (edited.status, said_by(edited)) == ("pending", [("No insults", "pending")])
    assert Found.objects.filter(comment=comment).exists()


def test_staff_are_left_out_unless_the_rule_says_otherwise(thread, moderator, insults, supervisor):
    assert say(moderator, thread, "blorpet").status == "published"
    Rule.objects.update(spares_staff=False)
    Edition.next()
    assert say(moderator, thread, "blorpet again").status == "pending"


def test_a_rule_speaks_in_its_section_and_switches_say_otherwise(make_story, reader, insults, supervisor, section):
    sport = Section.objects.create(name="Sport", slug="sport", position=2)
    here, there = thread_for(make_story()), thread_for(make_story(section=sport))
    quiet = thread_for(make_story(section=sport))

    def where(words):
        return [say(reader, thread, f"blorpet {words}").status == "pending" for thread in (here, there, quiet)]

    assert where("one") == [True, True, True]
    actions.set_switch(by=supervisor, rule=insults, section=section, is_on=False)
    assert where("two") == [False, True, True]
    actions.set_switch(by=supervisor, rule=insults, story=here.story, is_on=True)
    actions.set_switch(by=supervisor, rule=insults, story=quiet.story, is_on=False)
    assert where("three") == [True, True, False]
    Switch.objects.all().delete()
    actions.save_rule(
        by=supervisor, rule=insults, kind="phrases", name=insults.name, params=insults.params, asks_for="hold",
        section=sport,
    )  # fmt: skip
    assert where("four") == [False, True, True]


def test_a_protected_name_is_found(thread, reader, make_list, make_rule):
    listing = make_list("Anna Meier", kind="names", name="Before the court", note="Sub judice until March.")
    make_rule("names", params={"listings": [listing.pk]})
    comment = say(reader, thread, "It was Meier, Anna who did it.")
    assert comment.status == "pending"
    assert comment.flags.get().reason == "“Anna Meier”: a protected name of the list “Before the court”."
    assert say(reader, thread, "Anna said that Mr Meier was there.").status == "published"


def test_links_are_counted_and_servers_looked_up_label_by_label(thread, reader, make_list, make_rule):
    bad = make_list("evil.example", kind="hosts", name="Bad")
    good = make_list("https://gov.example/", kind="hosts", name="Good")
    make_rule("links", params={"most": 1, "denied": [bad.pk], "allowed": [good.pk]})

    def held(words):
        return say(reader, thread, words).status == "pending"

    assert not held("one https://a.example/x")
    assert held("two https://a.example/x https://b.example/y")
    assert not held("https://gov.example/1 https://www.gov.example/2 https://a.example/")
    assert held("see https://EVIL.example./x")
    assert held("see https://deep.evil.example:8443/x")
    assert not held("see https://notevil.example/")
    comment = Comment.objects.filter(body__contains="deep.evil").get()
    [[start, end]] = comment.flags.get().spans
    assert comment.body[start:end].startswith("https://deep.evil")


def test_a_rule_for_links_stands_in_for_the_built_in_check(thread, reader, make_rule, supervisor):
    words = " ".join(f"https://site{n}.example/" for n in range(4))
    assert [flag.check_name for flag in say(reader, thread, words).flags.all()] == ["links"]
    rule = make_rule("links", params={"most": 5})
    assert say(reader, thread, words + " again").status == "published"
    actions.set_state(by=supervisor, rule=rule, state="trial")
    assert [flag.check_name for flag in say(reader, thread, words + " once more").flags.all()] == ["links"]


SPEECH = "Everybody should know that this bridge was sold to a man from the city for less than a tractor costs today"


@pytest.mark.parametrize(
    ("variant", "same"),
    [
        (SPEECH, True),
        (SPEECH.upper() + "!!!", True),
        (SPEECH.replace("bridge", "old bridge"), True),
        (SPEECH.replace("o", "о"), True),  # Cyrillic
        ("The bridge was not sold at all, as far as I know, and tractors are dear.", False),
        ("Well said, I agree.", False),
    ],
)
def test_the_same_text_or_nearly_by_others_is_found(thread, reader, newcomer, make_rule, variant, same):
    make_rule("repeats", params={"hours": 24, "share": 70, "least_words": 8, "others": 1})
    say(reader, thread, SPEECH)
    say(reader, thread, "Well said, I agree.")
    comment = say(newcomer, thread, variant)
    assert (comment.status == "pending") == same
    if same:
        flag = comment.flags.get()
        assert "Ruth Reader" in flag.reason
        assert flag.threshold == 0.7 <= flag.score


def test_one_s_own_words_and_old_ones_are_no_repeat(make_story, thread, reader, newcomer, make_rule):
    make_rule("repeats", params={"hours": 24, "share": 80, "least_words": 8, "others": 1})
    say(reader, thread, SPEECH)
    assert say(reader, thread_for(make_story()), SPEECH).status == "published"
    Comment.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert say(newcomer, thread, SPEECH).status == "published"


def test_many_comments_in_a_short_time_are_shown_to_the_desk(make_story, thread, reader, make_rule):
    make_rule("rate", params={"comments": 2, "minutes": 10, "here": True})
    assert [say(reader, thread, f"Word {n}").status for n in range(3)] == ["published", "published", "pending"]
    assert say(reader, thread_for(make_story()), "Elsewhere").status == "published"
    edited = edit_comment(author=reader, comment=Comment.objects.get(body="Word 0"), body="Word zero")
    assert edited.status == "published"


def test_first_comments_and_new_accounts(thread, reader, newcomer, make_rule, moderator, settings):
    settings.NEWCOMER_COMMENTS = 5  # the rule stands in for it: no double finding
    make_rule("first", params={"comments": 1})
    make_rule("young", params={"hours": 2})
    Reader.objects.filter(pk=reader.pk).update(date_joined=clock.now() - timedelta(days=9))
    reader.refresh_from_db()
    comment = say(reader, thread, "My first.")
    assert said_by(comment) == [("About first", "pending")]
    assert comment.flags.count() == 1
    decide(moderator=moderator, comment=comment, seen="pending", after="published")
    assert say(reader, thread, "My second.").status == "published"
    assert [name for name, _ in said_by(say(newcomer, thread, "Hello."))] == ["About first", "About young"]


def test_an_author_of_whom_much_was_rejected_lately_is_looked_at(thread, reader, moderator, make_rule):
    make_rule("record", params={"days": 7, "share": 50, "least": 2})
    for n in range(2):
        comment = say(reader, thread, f"Rubbish {n}")
        assert comment.status == "published"
        decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    flag = say(reader, thread, "Once more").flags.get()
    assert flag.reason == "Of the author's 2 comments of the last 7 days 2 were rejected."
    Comment.objects.filter(status="rejected").update(created_at=clock.now() - timedelta(days=8))
    assert say(reader, thread, "And now").status == "published"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("bob@junk.example", True), ("bob@mail.junk.example", True), ("bob@junk.example.org", False),
        ("bob@notjunk.example", False), ("carl@fine.example", True), ("carl+news@fine.example", True),
        ("carla@fine.example", False), ("carl.x@fine.example", False), ("c.a.rl+x@gmail.com", True),
        ("carl+tag@plus.example", True), ("carl@plus.example", False),
    ],
)  # fmt: skip
def test_addresses_of_mail_are_compared_exactly_but_for_their_aliases(thread, make_list, make_rule, address, found):
    listing = make_list(
        "junk.example", "carl@fine.example", "ca.rl@gmail.com", "carl+tag@plus.example", kind="mail", name="Mail"
    )
    make_rule("mail", params={"listings": [listing.pk]})
    author = Reader.objects.create_user(address, "Someone", "a long enough pass phrase")
    assert (say(author, thread, "Hello there").status == "pending") == found


def test_every_alias_may_be_looked_at_and_guests_have_no_address(thread, make_rule):
    make_rule("mail", params={"aliases": True})
    author = Reader.objects.create_user("bob+x@fine.example", "Bob", "a long enough pass phrase")
    guest = Reader.objects.create_user("g+1@guest.invalid", "Gail", None, is_guest=True)
    assert [say(one, thread, "Hello there").status for one in (author, guest)] == ["pending", "published"]


def test_a_language_that_is_not_read_here(thread, reader, make_rule):
    make_rule("language", params={"languages": "en de"})
    assert say(reader, thread, "Hoje de manhã atravessei a ponte e estava fechada.").status == "pending"
    assert say(reader, thread, "Ich bin heute Morgen über die Brücke gegangen.").status == "published"
    assert say(reader, thread, "Oui!").status == "published"


def shouting(text):
    return {"shouting": sum(map(str.isupper, text)) / max(1, len(text))}


def test_a_score_is_offered_where_there_is_a_scorer_and_finds_from_its_threshold_on(
    thread, reader, make_rule, settings
):
    with pytest.raises(Unacceptable):
        make_rule("score", params={"score": "shouting", "threshold": "0.5"})
    settings.SCORERS = ["broadsheet.intake.tests.test_rules.shouting"]
    with pytest.raises(Unacceptable, match="score"):
        make_rule("score", params={"score": "toxicity", "threshold": "0.5"})
    make_rule("score", params={"score": "shouting", "threshold": "0.5"})
    flag = say(reader, thread, "LOUD").flags.get()
    assert (flag.score, flag.threshold, flag.check_name) == (1.0, 0.5, "rules.score")
    assert say(reader, thread, "quiet words").status == "published"


said = []


def tardy(text):
    said.append(text)
    return {"shouting": 1.0} if len(said) > 1 else {}


def test_the_same_words_are_asked_about_again_when_somebody_else_posts_them(
    thread, reader, newcomer, make_rule, settings
):
    said.clear()
    tardy.names = {"shouting": "Shouting"}
    settings.SCORERS = ["broadsheet.intake.tests.test_rules.tardy"]
    for threshold in ("0.5", "0.6"):
        make_rule("score", name=threshold, params={"score": "shouting", "threshold": threshold})
    assert say(reader, thread, "LOUD").status == "published"  # the scorer was late
    assert say(newcomer, thread, "LOUD").flags.count() == 2
    assert said == ["LOUD", "LOUD"]


def test_no_rule_about_a_score_rejects_however_it_got_into_the_table(thread, reader, make_rule, settings):
    settings.SCORERS = ["broadsheet.intake.tests.test_rules.shouting"]
    params = {"score": "shouting", "threshold": "0.5"}
    with pytest.raises(Unacceptable):
        make_rule("score", params=params, asks_for="reject", reason="abusive")
    make_rule("score", params=params)
    Rule.objects.update(asks_for="reject", reason="abusive")
    assert say(reader, thread, "LOUD").status == "pending"


# --- Setting rules ----------------------------------------------------------------------------------------------------


def test_only_supervisors_set_rules(moderator, reader, insults, make_list):
    listing = Listing.objects.get()
    for person in (moderator, reader):
        for act in (
            lambda by: actions.save_rule(by=by, rule=None, kind="links", name="x", params={"most": 1}, asks_for="hold"),
            lambda by: actions.set_state(by=by, rule=insults, state="off"),
            lambda by: actions.move_rule(by=by, rule=insults, up=True),
            lambda by: actions.remove_rule(by=by, rule=insults),
            lambda by: actions.set_switch(by=by, rule=insults, story=None, section=None, is_on=True),
            lambda by: actions.remove_listing(by=by, listing=listing),
            lambda by: actions.start_run(by=by, rule=insults, since=clock.now(), until=clock.now()),
        ):
            with pytest.raises(Refused, match="Only those who supervise"):
                act(person)
    assert Rule.objects.get().state == "on"


def test_every_change_is_in_the_record_and_no_secret_is(supervisor, insults, make_rule):
    make_rule("outside", params={"url": "https://check.example/", "seconds": 1, "on_failure": "pass"})
    secret = Rule.objects.get(kind="outside").params["secret"]
    assert secret.startswith("whsec_")
    actions.set_switch(by=supervisor, rule=insults, section=Section.objects.create(name="S", slug="s"), is_on=False)
    actions.move_rule(by=supervisor, rule=insults, up=False)
    actions.remove_rule(by=supervisor, rule=insults)
    rows = Change.objects.order_by("pk")
    assert [row.what for row in rows] == ["list", "rule", "rule", "rule", "rule", "rule", "order of rules", "rule"]
    assert rows.last().after is None
    assert secret not in str([(row.before, row.after) for row in rows])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": " "}, "give it a name"),
        ({"kind": "regex"}, "no such kind"),
        ({"asks_for": "delete"}, "choose what the rule asks for"),
        ({"asks_for": "reject"}, "only rejected with a reason"),
        ({"params": {}}, "how many links"),
        ({"params": {"most": "-1"}}, "greater than or equal to 0"),
        ({"params": {"most": "1", "denied": ["77"]}}, "77"),
        ({"minutes": 100_000}, "at most"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(supervisor, facts, sentence):
    given = {"kind": "links", "name": "Links", "params": {"most": "2"}, "asks_for": "hold", **facts}
    with pytest.raises(Unacceptable, match=sentence):
        actions.save_rule(by=supervisor, rule=None, **given)
    assert not Rule.objects.exists()


def test_two_rules_of_one_name_are_refused_and_a_list_in_use_is_kept(supervisor, insults):
    with pytest.raises(Unacceptable, match="of that name"):
        actions.save_rule(
            by=supervisor, rule=None, kind="links", name="No insults", params={"most": 1}, asks_for="hold"
        )
    with pytest.raises(Refused, match="No insults"):
        actions.remove_listing(by=supervisor, listing=Listing.objects.get())


def test_a_process_reads_the_rules_once_and_anew_only_when_they_have_changed(
    thread, reader, insults, supervisor, django_assert_num_queries
):
    first = rulesets.current()
    with django_assert_num_queries(1):
        assert rulesets.current() is first
    actions.set_state(by=supervisor, rule=insults, state="trial")
    second = rulesets.current()
    assert second is not first
    assert second._matcher is first._matcher  # the lists are as they were


def test_the_words_on_the_lists_and_the_findings_are_in_no_reader_s_copy(thread, reader, insults):
    from broadsheet.discussion.personal import comments

    say(reader, thread, "blorpet")
    _, rows = comments(reader)
    assert "Insults" not in str(list(rows))


def test_what_rules_found_is_forgotten_after_a_year(thread, reader, insults):
    from broadsheet.intake.clocks import old_findings

    say(reader, thread, "blorpet")
    assert old_findings(clock.now())[0] == 0
    assert old_findings(clock.now() + timedelta(days=366))[0] == 1
