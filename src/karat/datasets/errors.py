"""What can go wrong with datasets and imports."""

from karat.errors import Conflict, Gone, Invalid, NotFound


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


class PrefixInvalid(Invalid):
    """No key of a bucket begins like this; write it as the bucket lists it, `pictures/2026/`, behind the connection's prefix."""

    code = "import.prefix_invalid"


class UploadNotFound(NotFound):
    """There is no such upload."""

    code = "upload.not_found"


class UploadFilesInvalid(Invalid):
    """Files of the upload cannot be taken as they are announced.

    Attributes:
        refused: places of all of them in the list that was sent, from 0; `faults` tells of the first.
    """

    code = "upload.files_invalid"


class UploadOffsetWrong(Conflict):
    """The part does not go on where the file has come to; `offset` says where that is."""

    code = "upload.offset_wrong"


class UploadBusy(Conflict):
    """Another part of this file is just coming in."""

    code = "upload.busy"
    retryable = True


class UploadIncomplete(Conflict):
    """Not all files of the upload have come whole; `missing` lists some of them."""

    code = "upload.incomplete"


class UploadComplete(Conflict):
    """The upload is complete, and its import has begun."""

    code = "upload.complete"
