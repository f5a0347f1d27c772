"""
Puts empty libraries in the place of those that a PyTorch built for GPUs links and a host without GPU
never calls: gigabytes of CUDA mathematics. PyTorch's own files stay as they were published. A call into a
placeholder cannot succeed: its functions do not exist, so the process would end with a symbol error.

    python3 placeholders.py TORCH_LIB_DIRECTORY    prints what it wrote, one file a line
"""

import os
import re
import struct
import sys

# What may be replaced. cudart, cupti and cufile are small, are called when PyTorch is imported, and real.
REPLACEABLE = re.compile(
    r"^lib(cublas|cublasLt|cudnn|cufft|curand|cusolver|cusparse|cusparseLt|nccl|nvrtc|nvToolsExt"
    r"|nvJitLink|nvshmem_host|cufile|cupti|cudart)\.so\.[0-9.]+$"
)
PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474E551
DT_NEEDED, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_RPATH, DT_RUNPATH = 1, 4, 5, 6, 15, 29
DT_STRSZ, DT_SYMENT, DT_SONAME = 10, 11, 14
DT_VERSYM, DT_VERDEF, DT_VERDEFNUM = 0x6FFFFFF0, 0x6FFFFFFC, 0x6FFFFFFD
DT_VERNEED, DT_VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF
STT_OBJECT = 1
SHT_DYNSYM = 11


class Library:
    """The dynamic section of a 64-bit little-endian shared object, as ELF's specification has it."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self._file = file
            ident = file.read(64)
            if ident[:6] != b"\x7fELF\x02\x01":
                raise ValueError(f"{path} is no 64-bit little-endian ELF file")
            offset, count = struct.unpack_from("<Q", ident, 32)[0], struct.unpack_from("<H", ident, 56)[0]
            self._segments = [self._unpack("<IIQQQQQQ", offset + 56 * i) for i in range(count)]
            self._read_dynamic()

    def _unpack(self, form, offset):
        self._file.seek(offset)
        return struct.unpack(form, self._file.read(struct.calcsize(form)))

    def _offset(self, address):
        for kind, _, offset, start, _, size, _, _ in self._segments:
            if kind == PT_LOAD and start <= address < start + size:
                return offset + address - start
        raise ValueError(f"address {address:#x} lies in no segment")

    def _read_dynamic(self):
        tags = {}
        needed = []
        at = next(segment[2] for segment in self._segments if segment[0] == PT_DYNAMIC)
        while True:
            tag, value = self._unpack("<qQ", at)
            at += 16
            if tag == 0:
                break
            if tag == DT_NEEDED:
                needed.append(value)
            else:
                tags[tag] = value
        self._tags = tags
        self._file.seek(self._offset(tags[DT_STRTAB]))
        self._strings = self._file.read(tags[DT_STRSZ])
        self.needed = [self._string(name) for name in needed]
        path = tags.get(DT_RUNPATH, tags.get(DT_RPATH))
        self.search = self._string(path).split(":") if path is not None else []
        # File -> {index of a version: its name}.
        self.versions = {}
        if DT_VERNEED in tags:
            self._read_versions()
        self.objects = self._read_objects() if self.versions else {}

    def _string(self, at):
        return self._strings[at : self._strings.index(b"\0", at)].decode()

    def _read_versions(self):
        at = self._offset(self._tags[DT_VERNEED])
        for _ in range(self._tags[DT_VERNEEDNUM]):
            _, count, file, aux, following = self._unpack("<HHIII", at)
            entry = at + aux
            names = self.versions.setdefault(self._string(file), {})
            for _ in range(count):
                _, _, index, name, next_entry = self._unpack("<IHHII", entry)
                names[index] = self._string(name)
                entry += next_entry
            at += following

    def _read_objects(self):
        """Version index -> names of undefined data, which the loader resolves at once."""
        base, size = self._symbol_section()
        count, versions = size // 24, self._offset(self._tags[DT_VERSYM])
        self._file.seek(base)
        table = self._file.read(24 * count)
        self._file.seek(versions)
        indices = struct.unpack(f"<{count}H", self._file.read(2 * count))
        found = {}
        for i in range(count):
            name, info, _, section = struct.unpack_from("<IBBH", table, 24 * i)
            if section == 0 and info & 15 == STT_OBJECT:
                found.setdefault(indices[i] & 0x7FFF, set()).add(self._string(name))
        return found

    def _symbol_section(self):
        """Offset and size of the dynamic symbols; the dynamic section alone does not count them."""
        (offset,), (count,) = self._unpack("<Q", 40), self._unpack("<H", 60)
        for i in range(count):
            _, kind, _, _, at, size = self._unpack("<IIQQQQ", offset + 64 * i)
            if kind == SHT_DYNSYM:
                return at, size
        raise ValueError("no section of dynamic symbols")


def elf_hash(name):
    """The hash of the System V ABI."""
    h = 0
    for byte in name.encode():
        h = (h << 4) + byte
        g = h & 0xF0000000
        h = (h ^ (g >> 24)) & ~g & 0xFFFFFFFF
    return h


class Strings:
    def __init__(self):
        self.data = b"\0"

    def add(self, text):
        at = len(self.data)
        self.data += text.encode() + b"\0"
        return at


def make_library(soname, versions):
    """
    The bytes of a shared object of that name: `versions` maps each version that it defines to the names
    of 8-byte objects of zeros.
    """
    strings = Strings()
    names = [(name, i + 2) for i, group in enumerate(versions.values()) for name in sorted(group)]
    parts, offsets, at = [], {}, 64 + 3 * 56

    def put(key, data):
        nonlocal at
        data += bytes(-len(data) % 16)
        offsets[key] = at
        parts.append(data)
        at += len(data)

    put("objects", bytes(8 * max(1, len(names))))
    symbols = bytes(24) + b"".join(
        struct.pack("<IBBHQQ", strings.add(name), 0x11, 0, 1, offsets["objects"] + 8 * i, 8)
        for i, (name, _) in enumerate(names)
    )
    put("symbols", symbols)
    chain = [i + 2 if i < len(names) - 1 else 0 for i in range(len(names))]
    put("hash", struct.pack(f"<{4 + len(names)}I", 1, len(names) + 1, min(1, len(names)), 0, *chain))
    tags = [(DT_SONAME, strings.add(soname)), (DT_HASH, offsets["hash"])]
    tags += [(DT_SYMTAB, offsets["symbols"]), (DT_SYMENT, 24)]
    if versions:
        put("versym", struct.pack(f"<{1 + len(names)}H", 0, *(index for _, index in names)))
        put("verdef", make_definitions(soname, versions, strings))
        tags += [(DT_VERSYM, offsets["versym"]), (DT_VERDEF, offsets["verdef"])]
        tags.append((DT_VERDEFNUM, 1 + len(versions)))
    put("strings", strings.data)
    tags += [(DT_STRTAB, offsets["strings"]), (DT_STRSZ, len(strings.data)), (0, 0)]
    put("dynamic", b"".join(struct.pack("<qQ", *tag) for tag in tags))
    dynamic = (offsets["dynamic"], 16 * len(tags))
    return make_headers(at, dynamic) + b"".join(parts)


def make_definitions(soname, versions, strings):
    entries = []
    for i, name in enumerate([soname, *versions]):
        last = i == len(versions)
        head = struct.pack("<HHHHIII", 1, 1 if i == 0 else 0, i + 1, 1, elf_hash(name), 20, 0 if last else 28)
        entries.append(head + struct.pack("<II", strings.add(name), 0))
    return b"".join(entries)


def make_headers(size, dynamic):
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 3, 64, 0, 0)
    readable_writable = 6
    segments = [
        (PT_LOAD, readable_writable, 0, 0, 0, size, size, 0x1000),
        (PT_DYNAMIC, readable_writable, dynamic[0], dynamic[0], dynamic[0], dynamic[1], dynamic[1], 8),
        (PT_GNU_STACK, readable_writable, 0, 0, 0, 0, 0, 16),
    ]
    return header + b"".join(struct.pack("<IIQQQQQQ", *segment) for segment in segments)


def find(directory, name, search):
    """Whether a library is there, in the directory or where the one that needs it looks."""
    places = [directory, *(place.replace("$ORIGIN", directory) for place in search)]
    return next((at for place in places if os.path.exists(at := os.path.join(place, name))), None)


def missing_libraries(directory):
    """Name -> {version: names of objects} of every replaceable library that PyTorch's import lacks."""
    wanted = {}
    waiting = ["libtorch_python.so", "libtorch_global_deps.so"]
    seen = set(waiting)
    while waiting:
        library = Library(os.path.join(directory, waiting.pop()))
        for name in library.needed:
            path = find(directory, name, library.search)
            if path is None and REPLACEABLE.match(name):
                group = wanted.setdefault(name, {})
                for index, version in library.versions.get(name, {}).items():
                    group.setdefault(version, set()).update(library.objects.get(index, ()))
            elif path is not None and os.path.dirname(path) == directory and name not in seen:
                seen.add(name)
                waiting.append(name)
    return wanted


def main(directory):
    for name, versions in sorted(missing_libraries(directory).items()):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(make_library(name, versions))
        print(name)


if __name__ == "__main__":
    main(sys.argv[1])
