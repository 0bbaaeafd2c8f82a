"""Pages of notify: what people were sent, and what failed."""

from notify.pages.messages import message_pages

BLUEPRINTS = [message_pages]
