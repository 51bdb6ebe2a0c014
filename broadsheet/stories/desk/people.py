"""Accounts on the desk, for administrators: who works here and in which group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import LONGEST_NAME, checked_name, name_key
from broadsheet.core.refusals import Unacceptable


class NamedForm(forms.ModelForm[Reader]):
    """The checks of signing up, for a name given by an administrator."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME, help_text="Shown beside comments and on the desk.")

    def clean_name(self) -> str:
        try:
            name = checked_name(self.cleaned_data["name"])
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if Reader.objects.filter(name_key=name_key(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("That name, or one that looks like it, is taken.")
        return name


class NewReaderForm(UserCreationForm, NamedForm):
    first_name = last_name = is_superuser = None

    class Meta(UserCreationForm.Meta):
        fields = ("name", "email", "groups")


class ReaderForm(UserEditForm, NamedForm):
    first_name = last_name = None
    is_superuser = forms.BooleanField(required=False, disabled=True, widget=forms.HiddenInput)  # not given here

    class Meta(UserEditForm.Meta):
        fields = ("name", "email", "is_active", "groups")


class ReaderIndexView(users.IndexView):
    """Accounts by name, with their groups."""

    page_title = "Accounts"
    search_fields = ("name", "email")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("email", label="E-mail", sort_key="email"),
            Column("groups", label="Groups", accessor=lambda reader: ", ".join(g.name for g in reader.groups.all())),
            BooleanColumn("is_active", label="Active", sort_key="is_active"),
            DateColumn("last_login", label="Last signed in", sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        return Reader.objects.prefetch_related("groups")

    def order_queryset(self, queryset: Any) -> Any:
        return queryset.order_by(self.ordering or "name", "pk")


class ReaderDeleteView(users.DeleteView):
    """What somebody decided or wrote keeps their name: an account is closed, not deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.error(request, "An account is not deleted here. Make it inactive: nobody can sign in to it any more.")
        return redirect("wagtailusers_users:edit", self.get_object().pk)


class ReaderViewSet(users.UserViewSet):
    """The accounts' screens."""

    menu_label = "Accounts"
    ordering = "name"
    index_view_class = ReaderIndexView
    delete_view_class = ReaderDeleteView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Reader]]:
        return ReaderForm if for_update else NewReaderForm
