"""Files: what may be kept, where it is kept, and how it gets there. They never travel on the bus."""

from shared.files.kinds import check_kind, clean_name
from shared.files.shelf import Bucket, Folder, Incoming, Kept, Shelf, shelf

__all__ = ["Bucket", "Folder", "Incoming", "Kept", "Shelf", "check_kind", "clean_name", "shelf"]
