"""WhatsApp's Cloud API without Meta: `python -m deploy.whatsapp_simulator`, for trying and for tests.

The product talks to it through the adapter that talks to Meta; only the base URL differs. (The folder has an
underscore, since the demo and the tests import `client`.)

graph.py       what a business calls: messages, media, message templates
accepting.py   whether a message is taken, and what becomes of it
sending.py     what a message may look like; the first mistake as Meta would say it
payloads.py    what a webhook says
deliveries.py  webhooks on their way: signed, batched, late, twice, tried again
world.py       users with their phones, chats and media; in memory, bounded, gone with the process
switches.py    what goes wrong on purpose
phones.py      what somebody does on a phone; trying.py and pages.py are the API and the page for that
client.py      a phone as Python sees it

Nothing here is for people: it knows no login, listens on loopback unless told otherwise, and does not start where
ENVIRONMENT=production.
"""
