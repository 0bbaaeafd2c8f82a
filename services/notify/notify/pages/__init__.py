"""Pages of notify: what people were sent, what failed, and whom the office answers itself."""

from notify.pages.contacts import contact_pages
from notify.pages.messages import message_pages

BLUEPRINTS = [message_pages, contact_pages]
