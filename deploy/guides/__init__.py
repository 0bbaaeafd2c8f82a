"""One-page guides for residents, RT heads, officers and the lurah: `python -m deploy.guides` writes `docs/guides`.

Their bubbles are the messages that people get, and their pictures those of our pages, so that a guide never shows what
is not there. A test says when a message or a button that a guide shows has changed since.
"""
