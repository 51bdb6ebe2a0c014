"""How the desk is doing: numbers, agreement, the audit log, and the public log."""
