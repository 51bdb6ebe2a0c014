"""Accounts on the desk, for administrators: who works here and in which group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users

from broadsheet.accounts.actions import changed_at_the_desk, taken
from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import LONGEST_NAME, checked_name
from broadsheet.accounts.rules import is_name_taken
from broadsheet.core import clock
from broadsheet.core.language import comma_list
from broadsheet.core.refusals import Unacceptable


class NamedForm(forms.ModelForm[Reader]):
    """The checks of signing up, for a name given by an administrator."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("Shown beside comments and on the desk.")
    )

    def clean_name(self) -> str:
        try:
            name = checked_name(self.cleaned_data["name"])
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if is_name_taken(name, clock.now(), self.instance if self.instance.pk else None):
            raise forms.ValidationError(taken())
        return name


class NewReaderForm(UserCreationForm, NamedForm):
    first_name = last_name = is_superuser = None

    class Meta(UserCreationForm.Meta):
        fields = ("name", "email", "groups")


class ReaderForm(UserEditForm, NamedForm):
    first_name = last_name = None
    is_superuser = forms.BooleanField(required=False, disabled=True, widget=forms.HiddenInput)  # not given here

    class Meta(UserEditForm.Meta):
        fields = ("name", "email", "expertise", "is_active", "groups")
        labels = {"expertise": _("Expertise")}
        help_texts = {
            "expertise": _("What the newsroom has verified them as an expert in: their badge in discussions.")
        }

    @transaction.atomic
    def save(self, commit: bool = True) -> Reader:
        before = Reader.objects.get(pk=self.instance.pk)
        saved: Reader = super().save(commit)
        changed_at_the_desk(before=before, after=saved)
        return saved


def groups_of(reader: Reader) -> str:
    """The groups an account is in, for a line of the list."""
    return comma_list(group.name for group in reader.groups.all())


class ReaderIndexView(users.IndexView):
    """Accounts by name, with their groups."""

    page_title = _("Accounts")
    search_fields = ("name", "email")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("email", label=_("E-mail"), sort_key="email"),
            Column("groups", label=_("Groups"), accessor=groups_of),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last signed in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        return Reader.objects.prefetch_related("groups")

    def order_queryset(self, queryset: Any) -> Any:
        return queryset.order_by(self.ordering or "name", "pk")


class ReaderDeleteView(users.DeleteView):
    """What somebody decided or wrote keeps their name: an account is closed, not deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sentence = gettext("An account is not deleted here. Make it inactive: nobody can sign in to it any more.")
        messages.error(request, sentence)
        return redirect("wagtailusers_users:edit", self.get_object().pk)


class ReaderViewSet(users.UserViewSet):
    """The accounts' screens."""

    menu_label = _("Accounts")
    ordering = "name"
    index_view_class = ReaderIndexView
    delete_view_class = ReaderDeleteView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Reader]]:
        return ReaderForm if for_update else NewReaderForm
