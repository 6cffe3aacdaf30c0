"""From a folder of photos to certified labels in pandas. Needs KARAT_URL, KARAT_API_KEY and `karat-client[pandas]`.

The names of the photos say what they show, so a program can answer here; in earnest people do it in the web app.
"""

import sys

from karat_client import Client, QualityTarget

with Client() as karat:
    pets = karat.datasets.create("Pets", modality="image")
    karat.datasets.upload(pets, sys.argv[1], progress=True)
    target = QualityTarget(error=0.05, confidence=0.95)
    project = karat.projects.create("Cat or dog", pets, kind="image.class", classes=["cat", "dog"], target=target)
    karat.work.answer_all(project, lambda work: work.asset.name.split("-")[0])
    karat.projects.wait(project, "certified", progress=True)
    labels = karat.projects.labels(project, certified=True).to_pandas()
    print(labels[["name", "label", "confidence", "source"]])
