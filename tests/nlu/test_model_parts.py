"""Vectors, scores, probabilities and folds."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.language.prints import Prints, prints
from bot.nlu.calibration import Calibration
from bot.nlu.counting import Counted, count_terms
from bot.nlu.folds import assign_folds
from bot.nlu.lemma_index import LemmaIndex
from bot.nlu.linear import LinearScorer, ThinScorer
from bot.nlu.merging import Merging
from bot.nlu.vectorizer import Vectorizer

Document = dict[str, Prints]


def document(**terms: list[str]) -> Document:
    return {name: prints(listed) for name, listed in terms.items()}


DOCUMENTS = [
    document(a=["x", "x", "y"], b=["p"]),
    document(a=["y"], b=["q", "q"]),
    document(a=["z", "y"], b=[]),
]
WEIGHTS = {"a": 1.0, "b": 0.5}


def counted(documents: list[Document]) -> Counted:
    return count_terms(lambda piece: documents[piece], len(documents), WEIGHTS)


def block_norms(vectorizer: Vectorizer, document: Document) -> list[float]:
    columns, values = vectorizer.vector(document)
    in_a = columns < 3
    return [float(np.linalg.norm(values[in_a])), float(np.linalg.norm(values[~in_a]))]


def test_each_block_has_the_length_of_its_weight() -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    assert vectorizer.width == 5
    assert block_norms(vectorizer, DOCUMENTS[0]) == pytest.approx([1.0, 0.5])
    assert block_norms(vectorizer, document(a=["unknown"], b=[])) == [0.0, 0.0]


def test_rare_terms_can_be_left_out() -> None:
    assert Vectorizer.fit(counted(DOCUMENTS), WEIGHTS, min_count=2).width == 1


def test_the_matrix_has_the_vectors_as_rows() -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    matrix = vectorizer.matrix(counted(DOCUMENTS)).toarray()
    for row, one in zip(matrix, DOCUMENTS, strict=True):
        columns, values = vectorizer.vector(one)
        assert row[columns] == pytest.approx(values)
        assert np.count_nonzero(row) == len(columns)


def test_rows_without_unseen_columns_equal_a_smaller_vocabulary() -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    unseen = np.zeros(vectorizer.width, dtype=bool)
    unseen[vectorizer.vector(document(a=["x"], b=[]))[0]] = True
    masked = vectorizer.without(vectorizer.matrix(counted(DOCUMENTS)), unseen).toarray()
    without_x = [one["a"][one["a"] != prints(["x"])[0]] for one in DOCUMENTS]
    stripped = [{**one, "a": terms} for one, terms in zip(DOCUMENTS, without_x, strict=True)]
    assert masked == pytest.approx(vectorizer.matrix(counted(stripped)).toarray())


def test_joined_columns_learn_the_same_scores() -> None:
    # The last two columns are proportional, and so are the first one and the one nobody else has.
    rows = csr_matrix(np.array([[1.0, 0, 2, 4], [0, 1, 1, 2], [0, 3, 0, 0], [0, 1, 3, 6]], dtype=np.float32))
    merging = Merging.of(rows, seed=1)
    assert merging.width == 3
    labels = ["one", "two", "two", "one"]
    plain = LinearScorer.fit(rows, labels, strength=1, seed=1).score_rows(rows)
    joined = LinearScorer.fit(merging.rows(rows), labels, strength=1, seed=1)
    assert joined.score_rows(merging.rows(rows)) == pytest.approx(plain, abs=2e-3)
    columns, values = merging.vector(
        np.array([0, 2, 3], dtype=np.int32), np.array([1.0, 2, 4], dtype=np.float32)
    )
    assert joined.scores(columns, values) == pytest.approx(plain[0], abs=2e-3)


def test_saved_vectors_are_the_same(tmp_path: Path) -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    vectorizer.save(tmp_path)
    loaded = Vectorizer.load(tmp_path)
    for one, other in zip(vectorizer.vector(DOCUMENTS[0]), loaded.vector(DOCUMENTS[0]), strict=True):
        assert one == pytest.approx(other)


@pytest.mark.parametrize("labels", [["one", "two", "one"], ["one", "two", "three"]])
def test_scores_point_at_the_label_and_survive_saving(tmp_path: Path, labels: list[str]) -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    rows = vectorizer.matrix(counted(DOCUMENTS))
    scorer = LinearScorer.fit(rows, labels, strength=10, seed=1)
    together = scorer.score_rows(rows)
    assert [scorer.labels[place] for place in together.argmax(axis=1)] == labels
    scorer.save(tmp_path)
    loaded = LinearScorer.load(tmp_path)
    for row, one in zip(together, DOCUMENTS, strict=True):
        assert loaded.scores(*vectorizer.vector(one)) == pytest.approx(row, abs=5e-3)


@pytest.mark.parametrize("labels", [["one", "two", "one"], ["one", "two", "three"]])
def test_weights_that_are_zero_are_not_missed(labels: list[str]) -> None:
    vectorizer = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS)
    scorer = LinearScorer.fit(vectorizer.matrix(counted(DOCUMENTS)), labels, strength=10, seed=1)
    thin = ThinScorer(scorer)
    assert thin.labels == scorer.labels
    for one in (*DOCUMENTS, document(a=["unknown"], b=[])):
        vector = vectorizer.vector(one)
        assert thin.scores(*vector) == pytest.approx(scorer.scores(*vector), abs=1e-5)


def test_one_label_is_not_enough() -> None:
    rows = Vectorizer.fit(counted(DOCUMENTS), WEIGHTS).matrix(counted(DOCUMENTS))
    with pytest.raises(ValueError, match="two intents"):
        LinearScorer.fit(rows, ["one"] * 3, strength=1, seed=1)


@pytest.mark.parametrize("labels", [2, 3])
def test_probabilities_mean_what_they_say(tmp_path: Path, labels: int) -> None:
    chance = np.random.default_rng(5)
    truth = chance.integers(labels, size=4000)
    hit = chance.random(4000) < 0.7  # the scorer points at the truth in 70 % of the cases
    pointed = np.where(hit, truth, (truth + 1) % labels)
    scores = np.eye(labels)[pointed] * 2 - 1
    calibration = Calibration.fit(scores, truth, strength=1.0)
    calibration.save(tmp_path)
    probabilities = Calibration.load(tmp_path).probabilities(scores)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(4000))
    assert probabilities.max(axis=1).mean() == pytest.approx(hit.mean(), abs=0.02)


def test_the_layer_learns_what_is_taken_for_what_and_else_keeps_the_scorers_order() -> None:
    chance = np.random.default_rng(5)
    truth = chance.integers(3, size=3000)
    scores = np.eye(3)[truth] + chance.normal(scale=0.5, size=(3000, 3))
    scores[truth == 2, 1] += 1.5  # two is taken for one
    free = Calibration.fit(scores, truth, strength=1.0).probabilities(scores).argmax(axis=1)
    bound = Calibration.fit(scores, truth, strength=1e-9).probabilities(scores).argmax(axis=1)
    assert (free == truth).mean() > (scores.argmax(axis=1) == truth).mean() + 0.05
    assert (bound == scores.argmax(axis=1)).mean() > 0.999


def test_calibration_needs_every_label() -> None:
    with pytest.raises(ValueError, match="every intent"):
        Calibration.fit(np.zeros((4, 3)), np.array([0, 1, 0, 1]), strength=1.0)


def test_near_copies_share_a_fold_and_labels_are_spread() -> None:
    keys = [f"key {number // 2}" for number in range(80)]
    labels = ["one" if number < 40 else "two" for number in range(80)]
    folds = assign_folds(keys, labels, 4)
    assert all(len({fold for fold, key in zip(folds, keys, strict=True) if key == one}) == 1 for one in keys)
    assert Counter(zip(labels, folds, strict=True)) == dict.fromkeys(
        [(label, fold) for label in ("one", "two") for fold in range(4)], 10
    )


def test_a_label_in_one_fold_only_is_refused() -> None:
    with pytest.raises(ValueError, match="lonely"):
        assign_folds(["a", "b", "c", "c"], ["one", "one", "lonely", "lonely"], 4)


def test_unseen_forms_without_letters_find_their_lemma(tmp_path: Path) -> None:
    index = LemmaIndex.of_words(["wizyta", "odwołać"])
    index.save(tmp_path)
    loaded = LemmaIndex.load(tmp_path)
    assert "wizyta" in loaded("wizyte")
    assert "odwolac" in loaded("odwolaly")
    assert list(loaded("zyrafa")) == ["zyrafa"]
