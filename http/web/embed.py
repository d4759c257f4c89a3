#!/usr/bin/env python3
"""Writes a C++ source that holds files as string literals.

usage: embed.py OUTPUT --hls PACKAGE_DIR FILE...

Each FILE is embedded under its base name, the player of PACKAGE_DIR (the npm package hls.js) as "hls.js".
Exit codes: 0 written, 1 something could not be read, 64 wrong usage.
"""
import json
import pathlib
import sys

LITERAL_BYTES = 8000  # compilers must take 65536 in one literal; shorter ones keep the lines bearable


def literal(data: bytes) -> str:
    escaped = []
    for byte in data:
        if byte in b'"\\?':
            escaped.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F:
            escaped.append(chr(byte))
        else:
            escaped.append(f"\\{byte:03o}")
    return '"' + "".join(escaped) + '"'


def array(symbol: str, data: bytes) -> str:
    parts = [data[i : i + LITERAL_BYTES] for i in range(0, len(data), LITERAL_BYTES)] or [b""]
    body = "\n    ".join(literal(part) for part in parts)
    return f"constexpr char {symbol}[] =\n    {body};\n"


def main(arguments: list[str]) -> int:
    if "--help" in arguments or "-h" in arguments:
        print(__doc__.strip())
        return 0
    if len(arguments) < 4 or arguments[1] != "--hls":
        print(__doc__.strip(), file=sys.stderr)
        return 64
    output, package = pathlib.Path(arguments[0]), pathlib.Path(arguments[2])
    try:
        version = json.loads((package / "package.json").read_text())["version"]
        files = {pathlib.Path(name).name: pathlib.Path(name).read_bytes() for name in arguments[3:]}
        files["hls.js"] = (package / "dist" / "hls.min.js").read_bytes()
    except OSError as error:
        print(f"embed.py: {error}; scripts/setup fetches the player", file=sys.stderr)
        return 1

    arrays = "\n".join(array(f"file_{i}", data) for i, data in enumerate(files.values()))
    rows = "\n".join(
        f'    EmbeddedFile{{"{name}", {{file_{i}, sizeof file_{i} - 1}}}},' for i, name in enumerate(files)
    )
    output.write_text(
        f"""#include "http/web/embedded.hpp"

#include <array>

namespace continuo::web {{
namespace {{

{arrays}
constexpr std::array files{{
{rows}
}};

}} // namespace

std::span<EmbeddedFile const> embedded_files() {{
    return files;
}}

std::string_view const hls_version = "{version}";

}} // namespace continuo::web
"""
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
