"""Answer with a model of your own, and leave what it is unsure of to people. Needs KARAT_URL and KARAT_API_KEY.

python examples/pre_label_with_a_model.py PROJECT_ID
"""

import sys

from karat_client import Client
from karat_client.records import Work


def predict(text: str) -> tuple[str, float]:
    """Your model: a label class and how sure it is. This one counts exclamation marks."""
    n_marks = text.count("!")
    return ("angry", 0.95) if n_marks > 1 else ("calm", 0.9 if n_marks == 0 else 0.5)


def answer(work: Work) -> str | None:
    """The model's answer, or None to pass the task on."""
    label, confidence = predict(karat.datasets.read(work.asset).decode())
    return label if confidence >= 0.8 else None


with Client() as karat:
    taken = karat.work.next(sys.argv[1], count=10)
    while taken.items:
        for work in taken.items:
            label = answer(work)
            if label is None:
                karat.work.skip(work, "The model is unsure.")
            else:
                karat.work.submit(work, label)
        taken = karat.work.next(sys.argv[1], count=10)
    print(taken.waiting)
