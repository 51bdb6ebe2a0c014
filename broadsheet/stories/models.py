"""Stories, sections, topics, people: plain tables with Wagtail's snippet mixins, so that the desk can edit them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import plain
from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import FRONTS, SECTIONS, story_tag, thread_tag
from broadsheet.stories import release, rules
from broadsheet.stories.addresses import LONGEST_ADDRESS, plain_address, remember
from broadsheet.stories.blocks import StoryBody, readable_parts
from broadsheet.stories.pictures import Picture, PictureSize
from broadsheet.stories.readable import Readable

if TYPE_CHECKING:
    from wagtail.models import Revision

    from broadsheet.accounts.models import Reader

__all__ = [
    "Address",
    "Credit",
    "Notice",
    "Person",
    "Picture",
    "PictureSize",
    "RelatedStory",
    "Section",
    "Story",
    "Topic",
]


# Columns that only the desk reads: saving no other changes nothing that a reader can see.
DESK_COLUMNS = {"latest_revision", "has_unpublished_changes", "locked", "locked_at", "locked_by", "live_revision"}


FROM_1_TO_9 = _("Urgency goes from 1 to 9.")


class Named(Readable):
    """Something with a name that stands on many pages; a change to it is a change to all of them."""

    name: models.CharField[Any, Any]
    slug: models.SlugField[Any, Any]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self.touch()
            return super().delete(*args, **kwargs)

    def touch(self) -> None:
        """Drop every public page this name stands on."""
        stories = Story.objects.filter(self.on_stories(), live=True).values_list("pk", flat=True).distinct()
        touch(SECTIONS, FRONTS, *(tag for pk in stories for tag in (story_tag(pk), thread_tag(pk))))

    def get_absolute_url(self) -> str:
        """The page of the stories that carry this name."""
        raise NotImplementedError

    def on_stories(self) -> Q:
        """Which stories carry this name."""
        raise NotImplementedError


class Section(Named):
    """The one part of the paper a story runs in."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Order in the navigation, smallest first.")
    )
    comments_open_for = models.DurationField(
        _("discussions open for"),
        null=True,
        blank=True,
        help_text=_("How long discussions stay open, as days hours:minutes:seconds. Empty: the newsroom's period."),
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.slug])

    def on_stories(self) -> Q:
        return Q(section=self)


class Topic(Named):
    """One of the many things a story is about."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def on_stories(self) -> Q:
        return Q(topics=self)


class Person(Named):
    """Somebody whose name stands on stories."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    job = models.CharField(_("job"), max_length=120, blank=True, help_text=_("For instance: Town hall reporter"))
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        help_text=_(
            "The name of their own account, as it stands beside comments. What they write under their stories is "
            "marked as the author's."
        ),
        verbose_name=_("account"),
    )
    biography = models.TextField(_("biography"), max_length=2000, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])

    def on_stories(self) -> Q:
        return Q(credits__person=self)


# What only the story's own page shows: half of its columns, and nearly all of its bytes.
_PAGE_ONLY = (
    "slugline", "place", "agency", "body", "body_html", "lead_picture", "lead_caption", "lead_alt",
    "lead_creator", "lead_credit", "source_key", "home",
)  # fmt: skip


def page_only(story: str) -> list[str]:
    """Columns to `defer` where a story is read along with something else; `story` is the way there ("thread__story").

    To read a discussion's thread with all of its story costs three times as much.
    """
    return [f"{story}__{name}" for name in _PAGE_ONLY]


class StoryQuerySet(models.QuerySet["Story"]):
    def public(self, now: datetime) -> StoryQuerySet:
        """The one rule of what readers may see, asked when they read: released, past its embargo, not withdrawn."""
        return self.filter(live=True, published_at__lte=now, withdrawn_at__isnull=True)

    def ours(self) -> StoryQuerySet:
        """Stories whose text stands here: what the paper's lists and feeds show."""
        return self.exclude(kind=Story.Kind.OUTSIDE)

    def withdrawn(self, now: datetime) -> StoryQuerySet:
        """Stories that were public and are not any more: their address answers 410 with the notice."""
        return self.filter(live=True, published_at__lte=now, withdrawn_at__isnull=False)

    def next_change(self, now: datetime) -> datetime | None:
        """The next moment at which an embargo ends, and with it what `public` says."""
        moment: datetime | None = self.filter(live=True, published_at__gt=now, withdrawn_at__isnull=True).aggregate(
            models.Min("published_at")
        )["published_at__min"]
        return moment


class Story(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    Readable,
    ClusterableModel,
):
    """A piece of journalism."""

    class Kind(models.TextChoices):
        STORY = "story", _("Story")
        FEATURE = "feature", _("Photo feature")
        OUTSIDE = "outside", _("Story on another site")

    live = models.BooleanField(default=False, editable=False)  # released; readers see it once the embargo is over
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.STORY)
    home = models.URLField(
        _("address on the other site"),
        max_length=LONGEST_ADDRESS,
        blank=True,
        help_text=_("For a story on another site: where it stands. Its discussion is here."),
    )
    headline = models.CharField(_("headline"), max_length=200)
    standfirst = models.TextField(_("standfirst"), max_length=500, blank=True)
    slug = models.SlugField(
        _("slug"), max_length=120, blank=True, help_text=_("The last part of the address. Empty: made of the headline.")
    )
    slugline = models.CharField(
        _("slugline"), max_length=60, blank=True, help_text=_("The desk's short working label, such as JAPAN-RUSSIA/.")
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="stories", verbose_name=_("section")
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="stories", verbose_name=_("topics"))
    urgency = models.PositiveSmallIntegerField(
        _("urgency"),
        default=5,
        help_text=_("1 leads the front page, 9 is least urgent."),
        validators=[MinValueValidator(1, FROM_1_TO_9), MaxValueValidator(9, FROM_1_TO_9)],
    )

    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("Where it was filed, such as SOCHI, Russia.")
    )
    published_at = models.DateTimeField(
        _("moment of publication"),
        null=True,
        blank=True,
        help_text=_("The moment of publication. In the future: an embargo, which holds to the second."),
    )
    agency = models.CharField(
        _("agency"), max_length=80, blank=True, help_text=_("The agency credited in the dateline, such as Reuters.")
    )

    body = StreamField(StoryBody(), blank=True, default=list, verbose_name=_("body"))
    body_html = models.TextField(
        blank=True, editable=False
    )  # cleaned HTML of the body, made when the story is published

    lead_picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("lead picture")
    )
    lead_caption = models.CharField(_("caption"), max_length=1000, blank=True)
    lead_alt = models.CharField(_("alternative text"), max_length=300, blank=True)
    lead_creator = models.CharField(_("creator"), max_length=120, blank=True)
    lead_credit = models.CharField(_("credit line"), max_length=120, blank=True)

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)  # last update notice
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)  # last correction or clarification
    source_key = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )  # an imported page's own mark

    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState", content_type_field="base_content_type", object_id_field="object_id",
        related_query_name="story", for_concrete_model=False,
    )  # fmt: skip
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="story")

    objects: ClassVar[Any] = StoryQuerySet.as_manager()

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("headline", boost=4),
        index.SearchField("standfirst", boost=2),
        index.SearchField("slugline", boost=2),
        index.SearchField("place"),
        index.SearchField("words"),
        index.FilterField("live"),
        index.FilterField("published_at"),
        index.FilterField("withdrawn_at"),
        index.FilterField("section"),
        index.AutocompleteField("headline"),
    ]

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions = [("write_story", "Can write the words of stories, and not only choose their pictures")]
        indexes = [
            models.Index(fields=["live", "-published_at"], name="story_front"),
            models.Index(fields=["section", "-published_at"], name="story_section"),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.pk, self.slug])

    @property
    def words(self) -> str:
        """What the released body says, without its tags; for search."""
        return plain(self.body_html)

    @property
    def is_outside(self) -> bool:
        """Whether its text stands on another site: then its page here has headline, link and discussion."""
        return self.kind == Story.Kind.OUTSIDE

    @property
    def home_host(self) -> str:
        """The other site's name, as a reader would say it."""
        return (plain_address(self.home) or "").partition("/")[0]

    def is_public(self, now: datetime | None = None) -> bool:
        """The same rule as `StoryQuerySet.public`, for a row already in hand."""
        return rules.has_been_public(self, now) and not self.withdrawn_at

    def touch(self) -> None:
        """Drop every public page that shows this story or lists it."""
        touch(story_tag(self.pk), thread_tag(self.pk), FRONTS)

    def clean(self) -> None:
        super().clean()
        self.fill_slug()
        try:
            self._make_body_readable()
        except Unacceptable as refusal:
            raise ValidationError({"body": refusal.sentence}) from None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        self._make_body_readable()
        columns = kwargs.get("update_fields")
        with transaction.atomic():
            was_live = self.pk is not None and Story.objects.filter(pk=self.pk, live=True).exists()
            super().save(*args, **kwargs)
            if self.live and self.home and (columns is None or "home" in columns):
                remember(story=self, url=self.home)
            if (self.live or was_live) and (columns is None or set(columns) - DESK_COLUMNS):
                self.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            if self.live:
                self.touch()
            return super().delete(*args, **kwargs)

    def _make_body_readable(self) -> None:
        stored = self.body.get_prep_value()
        if (clean := readable_parts(stored)) != stored:
            self.body = json.dumps(clean)

    def fill_slug(self) -> None:
        """The slug follows from the headline where the desk wrote none."""
        if not self.slug and self.headline:
            self.slug = slugify(self.headline)[:120].strip("-") or "story"

    def with_content_json(self, content: dict[str, Any]) -> Story:
        """The story as a revision has it, but for the facts that belong to the story and to no revision of it."""
        story: Story = super().with_content_json(content)
        for name in ("body_html", "withdrawn_at", "updated_at", "corrected_at", "source_key"):
            setattr(story, name, getattr(self, name))
        if rules.has_been_public(self):
            story.published_at = self.published_at
        return story

    def publish(
        self,
        revision: Revision,
        user: Reader | None = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Release a revision. The editor, the workflow, a schedule and our own actions all end here.

        Raises Unacceptable with what is missing; then nothing has changed.
        """
        from wagtail.actions.publish_revision import PublishRevisionAction  # before wagtail.models it imports itself

        with transaction.atomic():
            before = Story.objects.select_for_update().get(pk=self.pk)
            action = PublishRevisionAction(
                revision, user=user, changed=changed, log_action=log_action, previous_revision=previous_revision
            )
            release.prepare(action.object, before, clock.now())
            action.execute(skip_permission_checks=skip_permission_checks)
            if action.object.live and (notices := action.object.serializable_data()["notices"]):
                revision.content["notices"] = notices  # with numbers and dates, should it ever be published again
                revision.save(update_fields=["content"])
            tell_of_notices(self.pk)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "stories/story.html"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The story as readers would see it, from this draft; kept nowhere and shown only to who asked."""
        from broadsheet.stories.preview import show  # the public page's context comes from views, which import us

        return show(self, request)


class Address(models.Model):
    """An address besides its page here that means a story: on another site, or where it stood before it came here."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="addresses")
    key = models.CharField(max_length=64, unique=True)  # addresses.key_of
    url = models.TextField()  # as it was told first

    def __str__(self) -> str:
        return self.url


class Credit(Orderable, models.Model):
    """Who did what for a story."""

    class Role(models.TextChoices):
        REPORTING = "reporting", _("Reporting")
        WRITING = "writing", _("Writing")
        ADDITIONAL_REPORTING = "additional", _("Additional reporting")
        EDITING = "editing", _("Editing")
        PHOTOGRAPHY = "photography", _("Photography")

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="credits")
    role: models.CharField[str, str] = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.REPORTING
    )
    person: models.ForeignKey[Person, Person] = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="credits",
        verbose_name=_("person"),
    )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"


class Notice(Readable, Orderable):
    """A dated word to the reader about a change; it stays on the story."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        UPDATE = "update", _("Update")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices, default=Kind.CORRECTION)
    text = models.TextField(_("text"), max_length=2000)
    # None in a draft until it is published: release.date_notices dates it then.
    made_at = models.DateTimeField(_("dated"), null=True, blank=True)
    # A number and no more: discussions know stories, not the other way round.
    thanks_to = models.PositiveBigIntegerField(_("thanks to comment number"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d}" if self.made_at else self.get_kind_display()


def tell_of_notices(story: int) -> None:
    """Tell the setting NOTICE_LISTENERS of a released story's notices that a comment led to; they tell of each once."""
    for notice in Notice.objects.filter(story=story, story__live=True, thanks_to__isnull=False):
        for path in settings.NOTICE_LISTENERS:
            import_string(path)(notice)


class RelatedStory(Orderable, models.Model):
    """A story the desk chose to show beside another."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="related")
    other: models.ForeignKey[Story, Story] = models.ForeignKey(
        Story, on_delete=models.CASCADE, related_name="+", verbose_name=_("story")
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(story=models.F("other")), name="story_not_related_to_itself")
        ]

    def __str__(self) -> str:
        return f"{self.story} – {self.other}"
