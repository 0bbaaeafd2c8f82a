"""Electronic signatures: a certificate opened with its passphrase, a PDF signed with it, and the BSrE's service.

pyHanko costs half a second and 40 MB to import; only a process that signs imports this package's modules.
"""
