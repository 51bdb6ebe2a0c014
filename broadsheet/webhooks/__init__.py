"""The desk and the world outside: signed webhooks, and e-mail to moderators."""
