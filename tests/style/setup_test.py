#!/usr/bin/env python3
"""tools/setup with a package client that only pretends: what it asks for, takes and refuses."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"

# Writes down how it was called. Its index: a security mirror, somebody else's, then the right one.
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$FAKE/calls"
case "$*" in
  *indextargets*)
    echo 'Packages|main|Debian|Debian-Security|http://security.example/debian-security/'
    echo 'Packages|main|Somebody|Somebody|http://somebody.example/debian/'
    echo 'Translations|main|Debian|Debian|http://not-packages.example/debian/'
    echo 'Packages|main|Debian|Debian|http://mirror.example/debian/' ;;
  *'source lwip'*)
    for word in "$@"; do
      case $word in Dir::Etc::sourcelist=*) cat "${word#*=}" >>"$FAKE/sources" ;; esac
    done
    echo 'not the right bytes' >"lwip_2.2.1+dfsg1.orig.tar.xz" ;;
  *install*) [ -e "$FAKE/updated" ] ;;
  *update*) touch "$FAKE/updated" ;;
esac
"""
ID = '#!/bin/sh\necho "$FAKE_UID"\n'
SUDO = "#!/bin/sh\nexit 1\n"
DPKG_QUERY = """#!/bin/sh
shift 2
for package in "$@"; do
  [ "$package" = "$FAKE_MISSING" ] || printf 'installed:%s ' "$package"
done
"""


class SetupTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name) / "checkout"
        self.fake = pathlib.Path(self.folder.name) / "fake"
        self.fake.mkdir()
        shutil.copytree(TOOLS, self.root / "tools",
                        ignore=shutil.ignore_patterns("__pycache__"))
        for name, text in (("apt-get", APT_GET), ("id", ID), ("sudo", SUDO),
                           ("dpkg-query", DPKG_QUERY)):
            (self.fake / name).write_text(text)
            (self.fake / name).chmod(0o755)

    def tearDown(self):
        self.folder.cleanup()

    def setup(self, *arguments, uid="0", missing="", lwip_dir=""):
        environment = {**os.environ, "PATH": f"{self.fake}:{os.environ['PATH']}",
                       "FAKE": str(self.fake), "FAKE_UID": uid, "FAKE_MISSING": missing,
                       "TWINSOCK_LWIP_DIR": lwip_dir}
        return subprocess.run([self.root / "tools/setup", *arguments], env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def bring_lwip_by_hand(self):
        header = self.root / ".deps/lwip/src/include/lwip/init.h"
        header.parent.mkdir(parents=True)
        header.write_text("")

    def calls(self):
        path = self.fake / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def test_asks_for_nothing_when_nothing_is_missing(self):
        self.bring_lwip_by_hand()
        result = self.setup()
        self.assertEqual((0, "", "", []),
                         (result.returncode, result.stdout, result.stderr, self.calls()))

    def test_root_installs_what_is_missing_and_updates_the_lists_only_if_needed(self):
        self.bring_lwip_by_hand()
        result = self.setup(missing="socat")
        self.assertEqual(0, result.returncode, result.stderr)
        install = "apt-get -q -y install --no-install-recommends socat"
        self.assertEqual([install, "apt-get -q -y update", install], self.calls())

    def test_without_rights_it_lists_what_is_missing_and_goes_on(self):
        self.bring_lwip_by_hand()
        result = self.setup(uid="1000", missing="socat")
        self.assertEqual((0, []), (result.returncode, self.calls()))
        self.assertIn("apt-get install socat", result.stderr)

    def test_optional_groups_are_installed_only_when_asked_for(self):
        self.bring_lwip_by_hand()
        self.setup(missing="libns3-dev")
        self.assertEqual([], self.calls())
        self.setup("--with", "bench", missing="libns3-dev")
        self.assertIn("install --no-install-recommends libns3-dev", self.calls()[0])

    def test_lwip_comes_from_the_distributions_own_mirror(self):
        self.setup()
        self.assertIn("http://mirror.example/debian/ trixie main",
                      (self.fake / "sources").read_text())

    def test_the_systems_package_lists_stay_as_they_are(self):
        self.setup()
        for call in self.calls():
            if "update" in call or "source lwip" in call:
                self.assertIn(f"Dir::State::lists={self.root}/.deps/", call)
                self.assertIn("Dir::Etc::sourceparts=/dev/null", call)

    def test_a_source_with_another_hash_is_refused_and_leaves_nothing(self):
        result = self.setup()
        self.assertEqual(1, result.returncode)
        self.assertIn("the pinned one is 83729c27", result.stderr)
        self.assertEqual([], list((self.root / ".deps").iterdir()))

    def test_a_users_own_lwip_is_taken_as_it_is(self):
        self.bring_lwip_by_hand()
        result = self.setup(lwip_dir=str(self.root / ".deps/lwip"))
        self.assertEqual((0, []), (result.returncode, self.calls()))

    def test_a_folder_that_is_no_lwip_is_refused(self):
        result = self.setup(lwip_dir=str(self.root))
        self.assertEqual(1, result.returncode)
        self.assertIn("is no lwIP source", result.stderr)

    def test_unknown_arguments_are_refused_with_what_is_allowed(self):
        for arguments in (["--frobnicate"], ["--with", "games"], ["--with"]):
            result = self.setup(*arguments)
            self.assertEqual(2, result.returncode, arguments)
        self.assertIn("build, test, arm and bench", result.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
