"""Red flags and mental crisis, recognised before anything else; works when everything else is down."""
