"""Services that ship as drafts, one file each, in the shape of the catalogue."""
