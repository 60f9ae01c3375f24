"""The one thing pyproject.toml cannot say: config.yaml lies at the root and is packaged as controller/config.yaml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithConfig(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "controller", "config.yaml")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile("config.yaml", target)


setup(cmdclass={"build_py": BuildWithConfig})
