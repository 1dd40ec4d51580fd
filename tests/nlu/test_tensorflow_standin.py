"""Rasa without TensorFlow; each case in an interpreter of its own."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tools.install_standin import FILE_NAME, remove, write

PROJECT = Path(__file__).resolve().parents[2]


def run(
    code: str, *, path: Path = PROJECT, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, *options, "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        cwd=PROJECT,
        check=False,
    )


def output(code: str, **options: Path) -> list[str]:
    result = run(code, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_rasa_loads_without_the_real_package() -> None:
    printed = output(
        """
        from bot import tensorflow_standin
        tensorflow_standin.install()
        import rasa.core.agent, rasa.model_training, rasa.__main__, sys
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe
        import rasa.nlu.classifiers.diet_classifier
        print(tensorflow_standin.installed(), getattr(sys.modules["tensorflow"], "__file__", None))
        """
    )
    assert printed == ["True", "None"]


def test_real_use_says_how_to_install() -> None:
    printed = run(
        """
        from bot import tensorflow_standin
        tensorflow_standin.install()
        from rasa.utils.tensorflow.models import RasaModel
        RasaModel()
        """
    )
    assert printed.returncode != 0
    assert "needs TensorFlow, which is not installed" in printed.stderr
    assert "pip install" in printed.stderr


def test_only_rasa_is_served() -> None:
    printed = output(
        """
        from bot import tensorflow_standin
        tensorflow_standin.install()
        try:
            import tensorflow
        except ModuleNotFoundError:
            print("absent")
        import rasa.utils.tensorflow.models, thinc.compat, importlib.util
        print(thinc.compat.has_tensorflow)
        """
    )
    assert printed == ["absent", "False"]


def test_the_real_package_wins(tmp_path: Path) -> None:
    package = tmp_path / "tensorflow"
    package.mkdir()
    (package / "__init__.py").write_text("REAL = 'real'\n", encoding="utf-8")
    caller = tmp_path / "rasa_caller" / "__init__.py"
    caller.parent.mkdir()
    caller.write_text("", encoding="utf-8")
    printed = output(
        f"""
        import sys
        sys.path.insert(0, {str(PROJECT)!r})
        from bot import tensorflow_standin
        tensorflow_standin.install()
        asked = {{"__name__": "rasa.somewhere"}}
        exec("import tensorflow; print(tensorflow.REAL)", asked)
        for name in ("tensorflow.keras", "tensorflow_text"):
            try:
                exec(f"import {{name}}", asked)
            except ModuleNotFoundError:
                print("absent")
        print(tensorflow_standin.installed())
        """,
        path=tmp_path,
    )
    assert printed == ["real", "absent", "absent", "False"]


@pytest.mark.parametrize("times", [1, 2])
def test_installing_again_changes_nothing(times: int) -> None:
    printed = output(
        f"""
        import sys
        from bot.tensorflow_standin import StandInFinder, install
        for _ in range({times}):
            install()
        print(sum(isinstance(finder, StandInFinder) for finder in sys.meta_path))
        print(isinstance(sys.meta_path[-1], StandInFinder))
        """
    )
    assert printed == ["1", "True"]


def test_plain_rasa_commands_find_it(tmp_path: Path) -> None:
    written = write(tmp_path, PROJECT)
    code = f"""
        import site
        site.addsitedir({str(tmp_path)!r})
        exec("import tensorflow.keras.backend as K; print(K.__name__)", {{"__name__": "rasa.somewhere"}})
        """
    result = run(code, path=tmp_path, options=("-S",))
    assert result.stdout.split() == ["tensorflow.keras.backend"], result.stderr
    remove(tmp_path)
    assert written.name == FILE_NAME
    assert not written.exists()


def test_a_project_that_moved_does_not_disturb_the_interpreter(tmp_path: Path) -> None:
    write(tmp_path, tmp_path / "gone")
    result = run(
        f"import site; site.addsitedir({str(tmp_path)!r}); print('fine')", path=tmp_path, options=("-S",)
    )
    assert result.stdout.split() == ["fine"]
    assert result.stderr == ""
