"""Signing up, in and out, and looking after one's account: allauth's pages, ours, and none besides.

What allauth has more than once (a list of passkeys beside the list of factors) is left out.
"""

from __future__ import annotations

from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.facebook import views as facebook
from allauth.socialaccount.providers.github import views as github
from allauth.socialaccount.providers.google import views as google
from allauth.socialaccount.providers.microsoft import views as microsoft
from django.urls import include, path
from django.views.generic.base import RedirectView

from broadsheet.accounts import provider, views

CALLBACKS = {
    "google": google.oauth2_callback,
    "microsoft": microsoft.oauth2_callback,
    "github": github.oauth2_callback,
    "facebook": facebook.oauth2_callback,
    "oidc": provider.callback,
}

second_factor = [
    path("sign-in/", factors.authenticate, name="mfa_authenticate"),
    path("again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/new/", views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/sign-in/", webauthn.login_webauthn, name="mfa_login_webauthn"),
]

providers = [
    path("", social.connections, name="socialaccount_connections"),
    path("sign-up/", social.signup, name="socialaccount_signup"),
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    *(path(f"{name}/", views.LeaveView.as_view(), {"provider": name}, name=f"{name}_login") for name in CALLBACKS),
    *(path(f"{name}/back/", views.back_from(name, view), name=f"{name}_callback") for name, view in CALLBACKS.items()),
]

urlpatterns = [
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("again/", views.SignInAgainView.as_view(), name="account_sign_in_again"),
    path("name/", views.NameView.as_view(), name="my_name"),
    path("methods/", views.MethodsView.as_view(), name="mfa_index"),
    path("methods/", views.MethodsView.as_view(), name="sign_in_methods"),
    path("confirm-email/", views.AddressCodeView.as_view(), name="account_email_verification_sent"),
    path("email/", views.AddressView.as_view(), name="account_email"),
    path("password/set/", views.FirstPasswordView.as_view(), name="account_set_password"),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
    path("second-factor/", include(second_factor)),
    path("with/", include(providers)),
    path("publisher/", include("broadsheet.accounts.publisher.urls")),
    path("", include("allauth.account.urls")),
]
