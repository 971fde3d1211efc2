"""A package of its own, for some published packages install one of that name by mistake."""
