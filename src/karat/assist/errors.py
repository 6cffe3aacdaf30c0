"""What can go wrong between models and projects."""

from karat.errors import Conflict, Gone, NotFound


class PredictionRunNotFound(NotFound):
    """There is no such run of predictions."""

    code = "predictions.not_found"


class NoProjectModel(NotFound):
    """The project has no model."""

    code = "predictions.no_model"


class PredictionsUnderWay(Conflict):
    """The project's model is being asked already; wait for it, or cancel that job."""

    code = "predictions.under_way"


class LabelsCertified(Conflict):
    """The project's labels are certified: predictions would change nothing."""

    code = "predictions.labels_certified"


class PredictionFileGone(Gone):
    """The file of predictions is not there any more; import it again."""

    code = "predictions.file_gone"
