"""Calls that a process gives up for good, whatever its code does afterwards: the kernel refuses them.

A second wall behind the limits: where the kernel has no seccomp, or the machine is one that we do not know, the child
goes on without it.
"""

import ctypes
import errno
import platform
from collections.abc import Sequence

# What the kernel calls the machine, and its numbers of the calls.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        {
            "open": 2, "socket": 41, "connect": 42, "socketpair": 53, "execve": 59, "kill": 62, "creat": 85,
            "ptrace": 101, "rt_sigqueueinfo": 129, "tkill": 200, "tgkill": 234, "openat": 257,
            "rt_tgsigqueueinfo": 297, "prlimit64": 302, "process_vm_readv": 310, "process_vm_writev": 311,
            "execveat": 322, "io_uring_setup": 425, "pidfd_open": 434, "openat2": 437, "pidfd_getfd": 438,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "openat": 56, "ptrace": 117, "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138,
            "socket": 198, "socketpair": 199, "connect": 203, "execve": 221, "rt_tgsigqueueinfo": 240,
            "prlimit64": 261, "process_vm_readv": 270, "process_vm_writev": 271, "execveat": 281,
            "io_uring_setup": 425, "pidfd_open": 434, "openat2": 437, "pidfd_getfd": 438,
        },
    ),
}  # fmt: skip
NETWORK = ("socket", "socketpair", "connect", "io_uring_setup")
OTHERS = (
    "open", "creat", "openat", "openat2", "execve", "execveat", "kill", "tkill", "tgkill", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "prlimit64", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd",
)  # fmt: skip
"""Files, programs and other processes."""

_OTHER_NUMBERING = 0x40000000  # x32 on the same kernel: the same calls under other numbers
_NO_NEW_PRIVILEGES, _SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_REFUSE, _ALLOW = 0x00050000 | errno.EACCES, 0x7FFF0000
_NUMBER_AT, _MACHINE_AT = 0, 4


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def no_network() -> bool:
    """From now on, for this thread and all that it starts. False where that cannot be had."""
    return _give_up(NETWORK)


def nothing_of_others() -> bool:
    """No network, no file to be opened, no program, no other process: from now on, for this thread and all that it
    starts. What is open stays so. False where that cannot be had."""
    return _give_up((*NETWORK, *OTHERS))


def _give_up(names: Sequence[str]) -> bool:
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    machine, numbers = known
    calls = [numbers[name] for name in names if name in numbers]
    steps = [
        _Step(_LOAD, 0, 0, _MACHINE_AT),
        _Step(_EQUAL, 1, 0, machine),
        _Step(_RETURN, 0, 0, _REFUSE),
        _Step(_LOAD, 0, 0, _NUMBER_AT),
        _Step(_AT_LEAST, len(calls) + 1, 0, _OTHER_NUMBERING),
        *(_Step(_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        _Step(_RETURN, 0, 0, _ALLOW),
        _Step(_RETURN, 0, 0, _REFUSE),
    ]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    kernel = ctypes.CDLL(None)
    return (
        kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        and kernel.prctl(_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )
