"""What crosses a service boundary: the one list of events, their shapes and an example of each.

    from contracts import EVENTS, contract
    contract("application.submitted").schema().load(data)

Imports nothing of the services. A field may be added within a version when readers can do without it;
anything else is a new version, published beside the old one until no consumer reads the old.
"""

from contracts.catalogue import EVENTS, SERVICES, EventContract, contract, examples, subscriptions

__all__ = ["EVENTS", "SERVICES", "EventContract", "contract", "examples", "subscriptions"]
