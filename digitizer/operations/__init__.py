"""The verbs. Each opens what it needs, hands it down as resources, and alone may write."""
