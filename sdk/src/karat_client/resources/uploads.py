"""Uploads in parts that have begun and are not complete."""

from karat_client.listing import Listing
from karat_client.records import Upload, UploadFile
from karat_client.resources.base import Ref, Resource, id_of


class Uploads(Resource):
    """What `datasets.upload` has begun with this key's user. The same call goes on with it; here you look, and give up."""

    def list(self) -> Listing[Upload]:
        """Your uploads that are not complete, newest first. Each is forgotten a day after its last byte."""
        return self._listing("GET", "/api/uploads", Upload)

    def get(self, upload: Ref) -> Upload:
        """How much of an upload has come."""
        return self._call("GET", "/api/uploads/{upload_id}", Upload, upload_id=id_of(upload))

    def files(self, upload: Ref) -> Listing[UploadFile]:
        """Its files, and how much of each has come."""
        return self._listing("GET", "/api/uploads/{upload_id}/files", UploadFile, upload_id=id_of(upload))

    def delete(self, upload: Ref) -> None:
        """Forget an upload and what has come of it."""
        self._call("DELETE", "/api/uploads/{upload_id}", type(None), upload_id=id_of(upload))
