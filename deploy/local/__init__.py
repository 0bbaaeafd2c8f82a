"""The whole system on this machine without Docker: `from deploy.local.stack import Stack`.

places.py      folders, and the accounts that the parts run as
ports.py       free ports, remembered from start to start
process.py     one running program: its start, its whole process tree, its end
ledger.py      what is running, so that a crashed start leaves nothing behind
parts/         PostgreSQL, RabbitMQ, the object store, the gateway
services.py    the four services' processes and their environment
supervisor.py  starts again what died by itself
stack.py       all of it together
"""
