"""Neural maps: pictures of them, and figures that say whether they mean anything."""
