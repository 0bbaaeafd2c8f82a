"""Backups: `make backup OUT=…`, `make restore FROM=…`, `make erasures OUT=…`.

    manifest.json    what the backup is: when, of what, each part's size and SHA-256; written last
    <service>.dump   a database (pg_dump -Fc); people's data in it are sealed
    <bucket>.tar     a bucket, its objects as they lie in the store: sealed
    keys.sealed      the secrets, encrypted with the passphrase and bound to the other parts

All of it is one moment: the four databases are dumped from snapshots that `deploy.backup.cut` has compared, and objects
are copied afterwards, since an object is stored before a row names it.
"""
