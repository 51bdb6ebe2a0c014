"""People: what moderators know of readers, and what they do about one who keeps breaking the policy."""
