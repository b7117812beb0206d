"""Where texts differ that say nearly the same: copies of one report, versions of one article."""
