"""Nothing of the instructor's is read or changed by a student's code, whatever it tries with paths."""

import os
import stat
from pathlib import Path

import pytest

from .conftest import VALUABLES
from .machine import Attack, behind, without

GONE = ("FileNotFoundError", "PermissionError", "NotADirectoryError")
SEALED = (*GONE, "OSError")


def read(path: str, bites: str = "all") -> Attack:
    return Attack(f"open({path}, 'rb').read(1)", GONE, bites)


def in_course(name: str) -> str:
    return f"os.path.join(targets['course'], {name!r})"


READING = {
    **{f"read {name}": read(in_course(name)) for name in VALUABLES},
    "read the shadow file": read("'/etc/shadow'", "root"),
    "read the users": read("'/etc/passwd'"),
    "list the home": Attack("os.listdir(targets['course'] + '/home')", GONE),
    "list the temporary files": Attack("os.listdir(os.path.dirname(targets['course']))", GONE),
    "list the root": Attack("assert 'etc' in os.listdir('/') and os.listdir('/etc/ssl')", ("AssertionError", *GONE)),
    "read the engine": read("targets['package'] + '/engine/mlp.py'"),
    "list the assignments": Attack("os.listdir(os.path.dirname(targets['package']) + '/assignments')", GONE),
    "read the tests": read("targets['tests'] + '/conftest.py'"),
    "read by a symbolic link": Attack(
        "os.symlink(targets['course'] + '/gradebook.db', 'link1')\nopen('link1').read()", GONE
    ),
    "read by a hard link": Attack("os.link(targets['course'] + '/gradebook.db', 'link2')", SEALED),
    "read above the workspace": Attack(
        "path = '../' * 40 + targets['course'] + '/gradebook.db'\nopen(path).read()", GONE
    ),
    "rename into the workspace": Attack(
        "os.link(targets['course'] + '/gradebook.db', targets['course'] + '/moved')\n"
        "os.rename(targets['course'] + '/moved', 'moved')",
        SEALED,
    ),
    "open by a handle": Attack(
        "handle = (ctypes.c_uint * 34)(128)\n"
        "mount = ctypes.c_int()\n"
        "check(libc.name_to_handle_at(-100, b'.', handle, ctypes.byref(mount), 0))\n"
        "check(libc.open_by_handle_at(os.open('.', os.O_RDONLY), handle, 0))",
        bites="root",
    ),
    "read the machine's memory": read("'/dev/mem'", "none"),
    "read the disk": read("'/dev/vda'", "none"),
    "read the kernel's messages": read("'/dev/kmsg'", "none"),
    "read the mounts": read("'/proc/self/mounts'"),
    "list the processes": Attack("assert any(name.isdigit() for name in os.listdir('/proc'))", GONE),
    "read the parent's environment": read("f'/proc/{os.getppid()}/environ'"),
    "read the parent's files": Attack("os.listdir(f'/proc/{os.getppid()}/fd')", GONE),
    "read a bystander's memory": read("f\"/proc/{targets['bystander']}/mem\"", "none"),
    "read a bystander's command": read("f\"/proc/{targets['bystander']}/cmdline\""),
    "look through a bystander's root": read("f\"/proc/{targets['bystander']}/root{targets['course']}/gradebook.db\""),
}
# Not one of these may change anything, not even where it ends without an error.
VICTIM = in_course("gradebook.db")
WRITING = {
    "write": Attack(f"open({VICTIM}, 'r+').write('x')", GONE),
    "append": Attack(f"open({VICTIM}, 'a').write('x')", GONE),
    "create": Attack("open(targets['course'] + '/new', 'w')", SEALED),
    "create in a home": Attack("open(targets['course'] + '/home/.bashrc', 'w')", SEALED),
    "make a folder": Attack("os.mkdir(targets['course'] + '/folder')", SEALED),
    "truncate": Attack(f"os.truncate({VICTIM}, 1)", GONE),
    "truncate while opening": Attack(f"os.open({VICTIM}, os.O_RDONLY | os.O_TRUNC)", GONE),
    "write through a symbolic link": Attack(f"os.symlink({VICTIM}, 'link3')\nopen('link3', 'w').write('x')", GONE),
    "remove": Attack(f"os.unlink({in_course('course_secret')})", GONE),
    "rename": Attack(f"os.rename({in_course('nbgrader_config.py')}, targets['course'] + '/x')", GONE),
    "write beside the standard library": Attack("open(targets['site'] + '/coursekit_evil.pth', 'w')", SEALED, "none"),
    "write beside the packages": Attack(
        "import numpy\nopen(os.path.dirname(os.path.dirname(numpy.__file__)) + '/evil.pth', 'w')", SEALED, "none"
    ),
    "write to shared memory": Attack(
        "open('/dev/shm/coursekit-left', 'w').write('x')\nos.unlink('/dev/shm/coursekit-left')", SEALED
    ),
    "write to the temporary files of all": Attack(
        "open(os.path.dirname(targets['course']) + '/coursekit-left', 'w')", SEALED
    ),
    "write to the system": Attack("open('/etc/coursekit-left', 'w')", SEALED, "none"),
    "write to the kernel": Attack("open('/proc/sys/kernel/hostname', 'w').write('evil')", SEALED, "none"),
    "make a device": Attack("os.mknod('device', 0o600 | 0o020000, os.makedev(1, 1))", bites="root"),
    "mount over": Attack("check(libc.mount(b'none', targets['course'].encode(), b'tmpfs', 0, None))", bites="none"),
}
# The last word of each is what to look at, as a landlock does not know these and the wall says that they are done.
SILENT = {
    "change the mode": f"os.chmod({VICTIM}, 0o777)",
    "change the owner": f"os.chown({VICTIM}, os.getuid(), os.getgid())",
    "change the time": f"os.utime({VICTIM}, (1, 1))",
    "set an attribute": f"os.setxattr({VICTIM}, 'user.evil', b'1')",
    "change the mode of a package": "import numpy\n"
    "with open(numpy.__file__) as file:\n    os.fchmod(file.fileno(), 0o777)",
}
ATTACKS = {**READING, **WRITING}


def state(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything that may not change below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else None
        attributes = tuple(os.listxattr(path, follow_symlinks=False))
        found[str(path)] = (content, status.st_mode, status.st_uid, status.st_nlink, status.st_mtime_ns, attributes)
    return found


@pytest.fixture(scope="module")
def ends(walled, targets):
    return behind(walled, ATTACKS, targets)


@pytest.fixture(scope="module")
def harm(targets, tmp_path_factory, course):
    """How they end in a plain process, in another course, which is not needed afterwards."""
    folder = tmp_path_factory.mktemp("harmed")
    for name in VALUABLES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x" * 20)
    return without(ATTACKS, {**targets, "course": str(folder)}, tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused(ends, name):
    assert ends[name] in ATTACKS[name].refused


def test_what_can_succeed_without_a_wall_does(harm):
    assert len(harm) >= 30
    assert {name: end for name, end in harm.items() if end != "done"} == {}


def test_no_attack_changes_anything(walled, targets, course):
    import numpy

    package = Path(numpy.__file__)
    before, mode = state(course), package.stat().st_mode
    sources = {name: Attack(source) for name, source in SILENT.items()}
    behind(walled, {**ATTACKS, **sources}, targets)
    assert state(course) == before
    assert package.stat().st_mode == mode
    assert not Path("/dev/shm/coursekit-left").exists()


def test_the_silent_ones_change_a_file_without_a_wall(targets, tmp_path):
    victim = tmp_path / "gradebook.db"
    victim.write_text("x")
    before = state(tmp_path)[str(victim)]
    attacks = {name: Attack(source) for name, source in SILENT.items() if "package" not in name}
    work = tmp_path / "work"
    work.mkdir()
    assert set(without(attacks, {**targets, "course": str(tmp_path)}, work).values()) == {"done"}
    after = state(tmp_path)[str(victim)]
    assert (after[1] & 0o777, after[4], after[5]) == (0o777, 1_000_000_000, ("user.evil",))
    assert after != before


def test_a_students_own_files_are_free(walled):
    source = (
        "import os, shutil, tempfile, numpy as np\nos.makedirs('a/b')\nnp.save('a/b/x.npy', np.eye(2))\n"
        "shutil.copy('a/b/x.npy', 'y.npy')\nshutil.copy2('a/b/x.npy', 'z.npy')\nos.rename('y.npy', 'a/y.npy')\n"
        "with tempfile.NamedTemporaryFile() as file:\n    file.write(b'1')\nos.chmod('z.npy', 0o600)\n"
        "open('z.npy', 'r+').truncate(1)\nos.symlink('z.npy', 's')\nos.remove('s')\nshutil.rmtree('a')\n"
        "print(sorted(os.listdir('.')))"
    )
    (cell,) = walled.cells(source)
    assert [output.get("text") for output in cell.outputs] == ["['z.npy']\n"]
