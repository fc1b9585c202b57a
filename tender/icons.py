"""The icons: drawn for Drietrap on a 24 by 24 grid, one path each, stroked in the colour of the text around them.

They are put inline by ``{% icon "check" %}`` and are always decoration: the word beside them says the same.
"""

from __future__ import annotations

ICONS: dict[str, str] = {
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "check-circle": "M12 3a9 9 0 100 18 9 9 0 000-18zM8 12.3l2.8 2.8L16 9.6",
    "dot": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
    "circle": "M12 3a9 9 0 100 18 9 9 0 000-18z",
    "clock": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5.2l3.4 2",
    "cross": "M6.5 6.5l11 11M17.5 6.5l-11 11",
    "cross-circle": "M12 3a9 9 0 100 18 9 9 0 000-18zM9 9l6 6M15 9l-6 6",
    "warning": "M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1",
    "info": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5.5M12 7.7v.1",
    "pause": "M9 6v12M15 6v12",
    "flag": "M6 21V4h11l-2.5 4L17 12H6",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
    "arrow-right": "M4 12h15M13 6l6 6-6 6",
    "arrow-left": "M20 12H5M11 6l-6 6 6 6",
    "chevron-down": "M6 9l6 6 6-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "person": "M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "people": "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19.5c.8-3.6 3.3-5 6.5-5s5.7 1.4 6.5 5M16 5.3a3.5 3.5 0 010 6.4"
    "M17.8 14.9c2 .7 3.2 2.2 3.7 4.6",
    "euro": "M18 6.5A7 7 0 1018 17.5M3.5 10.5H14M3.5 13.5H13",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
    "document": "M6 3h8.5L19 7.5V21H6zM14 3v5h5M9 12.5h7M9 16.5h7",
    "letter": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "paperclip": "M8 12.5l6-6a3 3 0 014.3 4.2l-8 8a5 5 0 01-7-7.2l7.5-7.5",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "upload": "M12 16V5M7 9.5l5-5 5 5M4.5 20h15",
    "search": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.3 15.3L21 21",
    "edit": "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "trash": "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13.5h9l1-13.5M10 11v6M14 11v6",
    "sign-out": "M13 4H5v16h8M10 12h10.5M16.5 7.5L21 12l-4.5 4.5",
    "send": "M3.5 11.5L21 4l-6 17-3.5-7.5z",
    "shield": "M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5",
    "scale": "M12 4v16M7 20h10M4 8h16M6.5 8L3.5 14.5h6zM17.5 8l-3 6.5h6z",
    "external": "M13.5 4H20v6.5M20 4l-9 9M10 6H4.5v13.5H18V14",
    "inbox": "M4 5h16l1 9v5.5H3V14zM3 14h5.5l1 2.5h5l1-2.5H21",
    "chart": "M4 20h16.5M7 20v-7M12 20V5M17 20v-10",
}

# What a status looks like. A tone is one of six; a state value finds its tone here, else it is neutral.
TONE_ICONS: dict[str, str] = {
    "ok": "check-circle",
    "busy": "dot",
    "waiting": "clock",
    "warning": "warning",
    "stopped": "cross-circle",
    "neutral": "circle",
    "info": "info",
    "error": "warning",
    "done": "check-circle",
    "current": "dot",
    "next": "circle",
}

_STATES: dict[str, str] = {
    "ok": "admitted awarded accepted approved cleared closed confirmed eligible final finished met none paid published "
    "ranked sealed settled signed held evidenced complete delivered read nominated serious founded answered",
    "busy": "acknowledged admissible heard advised "
    "open in_review scoring started deciding in_check active meeting submitted handed_in ordered booked current",
    "waiting": "filed draft drafted planned asked assigned offered reserved due accounted new scheduled queued pending hearing proposed sent",
    "warning": "incomplete paused suspended doubtful returned interest overdue",
    "stopped": "refused set_aside ineligible withdrawn lapsed cancelled recused void rejected missed superseded "
    "discarded dropped failed expired unfounded inadmissible",
}
STATE_TONES: dict[str, str] = {state: tone for tone, states in _STATES.items() for state in states.split()}
