"""What can go wrong with datasets and imports."""

from karat.errors import Gone, Invalid, NotFound


class DatasetNotFound(NotFound):
    """There is no such dataset."""

    code = "dataset.not_found"


class ImportNotFound(NotFound):
    """There is no such import."""

    code = "import.not_found"


class ImportNameInvalid(Invalid):
    """An upload needs the name of its file, with its ending, in `filename`."""

    code = "import.name_invalid"


class FolderNotFound(NotFound):
    """There is no such folder on the server."""

    code = "import.folder_not_found"


class UploadGone(Gone):
    """The file of this import was deleted some time after the import had ended; upload it again."""

    code = "import.upload_gone"
