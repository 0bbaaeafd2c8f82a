"""Pages of notify: what people were sent, what failed, whom the office answers itself, what many are told at once, and
which other systems are told what happens."""

from notify.pages.announcements import announcement_pages
from notify.pages.contacts import contact_pages
from notify.pages.messages import message_pages
from notify.pages.subscriptions import subscription_pages

BLUEPRINTS = [message_pages, announcement_pages, contact_pages, subscription_pages]
