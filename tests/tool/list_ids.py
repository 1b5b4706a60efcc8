"""Prints the id of every test here, one a line, for CTest: "serve_test.End.test_ctrl_c"."""
import pathlib
import unittest


def ids(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from ids(item)
        else:
            yield item.id()


here = pathlib.Path(__file__).resolve().parent
print("\n".join(ids(unittest.TestLoader().discover(str(here), pattern="*_test.py"))))
