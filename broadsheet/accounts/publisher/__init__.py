"""Single sign-on: a publisher's site says by a signed token who somebody is (docs/single-sign-on.md)."""
