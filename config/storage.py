"""Static files under hashed names, whose addresses are worked out once per process."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """The manifest does not change while a process lives, so neither do the addresses."""

    def url(self, name, force=False):
        """This function will return the address of a static file."""
        return _address(self, name, force)


@lru_cache(maxsize=512)
def _address(storage, name, force):
    return CompressedManifestStaticFilesStorage.url(storage, name, force)
