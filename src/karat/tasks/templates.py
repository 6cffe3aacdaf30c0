"""The table of project templates: what most people would set up themselves, to start from and to change."""

from karat.kit import Record
from karat.modalities import Attribute, kind_named
from karat.ontology import LabelClass
from karat.tasks.errors import TemplateNotFound
from karat.tasks.instruction_types import Section
from karat.tasks.types import NewProject, QualityTarget


class ProjectTemplate(Record):
    """A project to start from.

    Attributes:
        name: what a new project gives as its `template`.
        modality: of the datasets that it fits.
        sections: of the instructions; examples are added from one's own data.
    """

    name: str
    title: str
    summary: str
    kind: str
    modality: str
    classes: tuple[LabelClass, ...]
    attributes: tuple[Attribute, ...] = ()
    instructions: str
    sections: tuple[Section, ...]
    target: QualityTarget


def _class(name: str, title: str, color: str, description: str) -> LabelClass:
    return LabelClass(name=name, title=title, color=color, description=description)


def _template(
    name: str,
    kind: str,
    title: str,
    summary: str,
    classes: tuple[LabelClass, ...],
    instructions: str,
    *,
    target: QualityTarget,
    attributes: tuple[Attribute, ...] = (),
    sections: tuple[Section, ...] = (),
) -> ProjectTemplate:
    """A template whose sections end with one for each class, from what the class says of itself."""
    about = tuple(Section(label_class=one.name, text=one.description) for one in classes)
    return ProjectTemplate(
        name=name,
        title=title,
        summary=summary,
        kind=kind,
        modality=kind_named(kind).modality,
        classes=classes,
        attributes=attributes,
        instructions=instructions,
        sections=(*sections, *about),
        target=target,
    )


_BOXES = Section(
    title="How to draw a box",
    text=(
        "Draw the smallest box that holds every visible part. Do not guess at parts that something hides, and do not "
        "leave a margin.\n\nDraw one box for each thing, also where they overlap. Leave out what is smaller than 8 pixels "
        "on its longer side.\n\nIf there is nothing to mark, hand the image in empty: that is an answer."
    ),
)
_TWO_LOOK = QualityTarget(error=0.1, overlap=2)
_FEW_ASKED = QualityTarget(error=0.02)

TEMPLATES: tuple[ProjectTemplate, ...] = (
    _template(
        "image-sorting",
        "image.class",
        "Sort images",
        "One class for each image: keep, drop, or look again.",
        (
            _class("usable", "Usable", "#22cccc", "Sharp enough and complete; the subject can be recognised."),
            _class(
                "unusable", "Not usable", "#cc3377", "Blurred, too dark, cut off, or not a photograph of the subject."
            ),
            _class("unclear", "Unclear", "#999900", "Neither of the two is certain after a second look."),
        ),
        "Look at the whole image first, then decide for one class. Do not use anything but the image itself.",
        target=_FEW_ASKED,
    ),
    _template(
        "image-defects",
        "image.class",
        "Inspect products",
        "Is the part on the photograph good, and if not, what is wrong with it?",
        (
            _class("good", "Good", "#22cccc", "No fault can be seen at full size."),
            _class("scratch", "Scratch", "#cc3377", "A line on the surface that does not belong to the part."),
            _class("dent", "Dent or deformation", "#770099", "The shape differs from that of a good part."),
            _class(
                "contamination", "Dirt or foreign matter", "#995533", "Something is on the part that could be removed."
            ),
            _class("incomplete", "Something is missing", "#4411ff", "A piece, a hole or a print is not there."),
        ),
        "Zoom in until the part fills the screen and look along its edges. Where there are several faults, choose the one "
        "that stands first in the list. A reflection moves with the light and is no fault.",
        target=QualityTarget(error=0.01),
    ),
    _template(
        "street-scene",
        "image.box",
        "Boxes in street scenes",
        "Cars, people, bicycles and signs for driving and traffic.",
        (
            _class("car", "Car", "#4411ff", "Cars and vans with up to nine seats, parked ones too."),
            _class("truck", "Truck or bus", "#770099", "Lorries, buses, and what they pull."),
            _class("two_wheeler", "Bicycle or motorcycle", "#22cccc", "The vehicle with its rider in one box."),
            _class(
                "pedestrian", "Pedestrian", "#cc3377", "People on foot, each alone; also with a pram or a suitcase."
            ),
            _class(
                "traffic_light", "Traffic light", "#aaee00", "The housing without its pole, whichever way it faces."
            ),
            _class("traffic_sign", "Traffic sign", "#eebb88", "The plate without its pole; not advertisements."),
        ),
        "Go through the image from the left to the right and mark everything of the classes, near and far.",
        sections=(_BOXES,),
        attributes=(
            Attribute(
                name="occluded",
                title="Hidden",
                type="select",
                options=("no", "partly", "mostly"),
                description="How much of it something else hides; `mostly` is more than half.",
            ),
            Attribute(
                name="truncated",
                title="Cut off by the edge",
                type="checkbox",
                description="It goes on outside the image.",
            ),
        ),
        target=_TWO_LOOK,
    ),
    _template(
        "products-on-shelves",
        "image.box",
        "Boxes around products",
        "What stands on the shelf, and where something is missing.",
        (
            _class("product", "Product", "#4411ff", "Each package that can be told apart, front row only."),
            _class("price_tag", "Price tag", "#eebb88", "The tag or display with a price, readable or not."),
            _class("gap", "Gap", "#cc3377", "Free space on the shelf in which a product belongs."),
        ),
        "Work row by row from the top. Packages behind the front row are not marked.",
        sections=(_BOXES,),
        attributes=(
            Attribute(
                name="facing",
                title="Turned to the front",
                type="checkbox",
                applies_to=("product",),
                description="The front of the package can be seen.",
            ),
            Attribute(name="price", title="Price", type="number", minimum=0, applies_to=("price_tag",)),
        ),
        target=_TWO_LOOK,
    ),
    _template(
        "sentiment",
        "text.class",
        "Sentiment of texts",
        "Is the writer content?",
        (
            _class("positive", "Positive", "#22cccc", "On the whole the writer is content or recommends it."),
            _class("neutral", "Neutral", "#999900", "No judgement, or as much for as against."),
            _class("negative", "Negative", "#cc3377", "On the whole the writer is discontented or advises against it."),
        ),
        "Judge what the writer thinks, not what you think of it. Irony counts by what is meant. What a text reports of "
        "others is not the writer's own view.",
        target=_FEW_ASKED,
    ),
    _template(
        "support-intents",
        "text.class",
        "Intents of messages",
        "What does the customer want of us?",
        (
            _class("order_status", "Where is my order?", "#4411ff", "Asks when or where something arrives."),
            _class("return_or_refund", "Return or refund", "#cc3377", "Wants to send something back, or money back."),
            _class("complaint", "Complaint", "#770099", "Says that something went wrong, and asks for no refund."),
            _class("product_question", "Question about a product", "#22cccc", "Asks what something is, does or costs."),
            _class("account", "Account and sign-in", "#eebb88", "Password, address, invoice, or closing the account."),
            _class("other", "Something else", "#999900", "None of the others, or not to be understood."),
        ),
        "Choose what has to be done first to help the writer. Where a message wants two things, take the one that is asked "
        "for last. Greetings and thanks do not count.",
        target=_FEW_ASKED,
    ),
    _template(
        "text-moderation",
        "text.class",
        "Moderate comments",
        "May the comment be shown?",
        (
            _class("fine", "Fine", "#22cccc", "Nothing to object to, also where it is rude about a thing or sharp."),
            _class("insult", "Insult", "#cc3377", "Degrades a person or a group."),
            _class("threat", "Threat or call to violence", "#770099", "Announces or asks for harm to somebody."),
            _class("private", "Private data", "#4411ff", "Names, addresses or numbers of somebody who is not public."),
            _class("spam", "Spam", "#999900", "Advertisement, fraud, or the same text again and again."),
        ),
        "Judge the text by its words and not by whether you agree. If several classes fit, take the one that stands lowest "
        "in the list before Spam. You may pass on what you do not want to read.",
        target=QualityTarget(error=0.01),
    ),
)


def template_named(name: str) -> ProjectTemplate:
    """The template of that name.

    Raises:
        TemplateNotFound: with the names that there are.
    """
    for one in TEMPLATES:
        if one.name == name:
            return one
    raise TemplateNotFound(template=name, known=[one.name for one in TEMPLATES])


def fill_in(new: NewProject) -> NewProject:
    """The project with what its template says wherever it says nothing itself. Of a target, field by field."""
    if new.template is None:
        return new
    template = template_named(new.template)
    said = new.model_fields_set
    has_own_classes = bool(new.classes)
    defaults: dict[str, object] = {} if "instructions" in said else {"instructions": template.instructions}
    if new.kind is None:
        defaults["kind"] = template.kind
    if not has_own_classes:
        defaults["classes"] = template.classes
    if "attributes" not in said and not has_own_classes and new.kind in (None, template.kind):
        defaults["attributes"] = template.attributes
    if "sections" not in said:
        names = {one.name for one in new.classes or template.classes}
        defaults["sections"] = tuple(
            one for one in template.sections if one.label_class is None or one.label_class in names
        )
    own = {name: getattr(new.target, name) for name in new.target.model_fields_set} if "target" in said else {}
    return new.model_copy(update={**defaults, "target": template.target.model_copy(update=own)})
