"""Made-up papers as phone photos and scans, for the demonstration and the tests.

Everything here says CONTOH in large letters and follows no official layout: a picture made by this package
shows what a resident would send, and could not be taken for a document of anybody.
"""

from deploy.demo.papers.making import make, make_all
from deploy.demo.papers.spec import FORMATS, KINDS, ORIENTATIONS, PaperSpec, content_type

__all__ = ["FORMATS", "KINDS", "ORIENTATIONS", "PaperSpec", "content_type", "make", "make_all"]
