"""A spaCy pipeline for Polish patients' messages, without pretrained weights.

Import this package before `spacy.load(MODEL)`: the import registers the components that the folder names.
"""

from pathlib import Path

import spacy
from spacy.language import Language

from bot.language.spacy_pl.analysis import MorfeuszComponent
from bot.language.spacy_pl.sentences import sentences_pl
from bot.language.spacy_pl.tokenizer import customise

__all__ = ["MODEL", "MorfeuszComponent", "build", "create", "load", "sentences_pl"]

MODEL = Path(__file__).with_name("model")
"""The pipeline as a folder that `spacy.load` and Rasa's SpacyNLP accept."""


def create() -> Language:
    """The pipeline in memory."""
    nlp = spacy.blank("pl")
    customise(nlp)
    nlp.add_pipe("sentences_pl")
    nlp.add_pipe("morfeusz_pl")
    nlp.meta.update(name="patient_messages", version="1.0.0", description="Polish patients' messages")
    return nlp


def build(folder: Path = MODEL) -> Path:
    """Write the pipeline into a folder; returns the folder."""
    create().to_disk(folder)
    return folder


def load(folder: Path = MODEL) -> Language:
    """The pipeline from its folder."""
    return spacy.load(folder)
