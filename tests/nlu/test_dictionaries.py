"""One lexicon a process: snapshot, fresh lists, a patient's dependants."""

import pytest

from bot.nlu.dictionaries import Dictionaries, DictionaryHolder, as_dictionaries, lexicon_with_dependants
from tests.nlu.conftest import consultation, world

FRESH: Dictionaries = {"services": [consultation("alergolog", "alergolog")]}


def kinds(holder: DictionaryHolder, text: str) -> list[str]:
    return [mention.kind for mention in holder.lexicon().find(text)]


def test_standing_vocabulary_needs_no_lists() -> None:
    assert kinds(DictionaryHolder(), "telefonicznie dla córki") == ["visit_kind", "relation"]


def test_a_snapshot_serves_until_fresh_lists_come() -> None:
    holder = DictionaryHolder()
    holder.offer(world())
    assert kinds(holder, "w Gdańsku") == ["city"]
    assert holder.fresh() is None
    holder.set(FRESH)
    assert "city" not in kinds(holder, "w Gdańsku")
    assert kinds(holder, "do alergologa") == ["specialty"]
    assert holder.fresh() == FRESH


def test_a_snapshot_does_not_replace_fresh_lists() -> None:
    holder = DictionaryHolder()
    holder.set(FRESH)
    holder.offer(world())
    assert "city" not in kinds(holder, "w Gdańsku")


def test_dependants_are_known_to_their_patient_only(empty_holder: DictionaryHolder) -> None:
    child = [{"id": "d1", "first_name": "Zofia"}]
    found = lexicon_with_dependants(child).find("umów Zofię do lekarza")
    assert [(mention.kind, mention.ids) for mention in found] == [("dependant", ("d1",))]
    assert "dependant" not in kinds(empty_holder, "umów Zofię do lekarza")


def test_dependants_follow_fresh_lists(empty_holder: DictionaryHolder) -> None:
    child = [{"id": "d1", "first_name": "Zofia"}]
    lexicon_with_dependants(child)
    empty_holder.set(world())
    found = lexicon_with_dependants(child).find("Zofię do dermatologa")
    assert [mention.kind for mention in found] == ["dependant", "specialty"]


@pytest.mark.parametrize("content", [[], {"services": {}}, {"pets": []}, None])
def test_only_lists_that_the_portal_has(content: object) -> None:
    with pytest.raises(ValueError, match="dictionaries"):
        as_dictionaries(content)
