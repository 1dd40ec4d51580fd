"""Grammatical cases by the names that the dictionary's tags use."""

from enum import StrEnum


class Case(StrEnum):
    """Mianownik, dopełniacz, celownik, biernik, narzędnik, miejscownik, wołacz."""

    NOM = "nom"
    GEN = "gen"
    DAT = "dat"
    ACC = "acc"
    INST = "inst"
    LOC = "loc"
    VOC = "voc"
