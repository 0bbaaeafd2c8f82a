"""No network for a process, whatever its code does: the kernel refuses it every new socket.

The layouts are ours and ask for nothing, so that this is a second wall: where the kernel has no seccomp, or the machine
is one that we do not know, the child goes on without it.
"""

import ctypes
import errno
import platform

# What the kernel calls the machine, and its number of the call `socket`.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_NO_NEW_PRIVILEGES, _SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_REFUSE, _ALLOW = 0x00050000 | errno.EACCES, 0x7FFF0000
_NUMBER_AT, _MACHINE_AT = 0, 4


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def no_network() -> bool:
    """From now on, for this thread and all that it starts. False where that cannot be had."""
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    machine, call = known
    steps = (_Step * 7)(
        _Step(_LOAD, 0, 0, _MACHINE_AT),
        _Step(_EQUAL, 1, 0, machine),
        _Step(_RETURN, 0, 0, _REFUSE),  # calls numbered as another machine's
        _Step(_LOAD, 0, 0, _NUMBER_AT),
        _Step(_EQUAL, 0, 1, call),
        _Step(_RETURN, 0, 0, _REFUSE),
        _Step(_RETURN, 0, 0, _ALLOW),
    )
    program = _Program(len(steps), steps)
    kernel = ctypes.CDLL(None)
    return (
        kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        and kernel.prctl(_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )
