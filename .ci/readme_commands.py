"""Prints the set-up commands of a README: the contents of its `sh` blocks, one line each."""

import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
    print(" ".join(block.replace("\\\n", " ").split()))
