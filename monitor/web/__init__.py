"""The page, the API and what machines ask of the program: served over services and views."""
