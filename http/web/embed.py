#!/usr/bin/env python3
"""Writes a C++ source that holds files as string literals.

usage: embed.py OUTPUT --hls PACKAGE_DIR --dash PACKAGE_DIR FILE...

Each FILE is embedded under its base name, the players of the npm packages hls.js and dashjs as "hls.js" and "dash.js".
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


def version_of(package: pathlib.Path) -> str:
    return json.loads((package / "package.json").read_text())["version"]


def main(arguments: list[str]) -> int:
    if "--help" in arguments or "-h" in arguments:
        print(__doc__.strip())
        return 0
    if len(arguments) < 6 or arguments[1] != "--hls" or arguments[3] != "--dash":
        print(__doc__.strip(), file=sys.stderr)
        return 64
    output, hls, dash = (pathlib.Path(arguments[i]) for i in (0, 2, 4))
    try:
        files = {pathlib.Path(name).name: pathlib.Path(name).read_bytes() for name in arguments[5:]}
        files["hls.js"] = (hls / "dist" / "hls.min.js").read_bytes()
        files["dash.js"] = (dash / "dist" / "modern" / "umd" / "dash.all.min.js").read_bytes()
        hls_version, dash_version = version_of(hls), version_of(dash)
    except OSError as error:
        print(f"embed.py: {error}; scripts/setup fetches the players", file=sys.stderr)
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

std::string_view const hls_version = "{hls_version}";
std::string_view const dash_version = "{dash_version}";

}} // namespace continuo::web
"""
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
