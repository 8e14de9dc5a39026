"""Where the fields of a TOML text stand: the standard parser gives values without lines, and errors need lines."""

from __future__ import annotations

import tomllib


def lines_of_fields(source: str) -> dict[str, int]:
    """The 1-based line of every key, table and array element of a valid TOML text, by its field path."""
    scanner = _Scanner(source)
    scanner.run()
    return scanner.lines


class _Scanner:
    """Walks over TOML that the parser already accepted, so only nesting, strings and comments matter."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._line = 1
        self._counts: dict[str, int] = {}
        self.lines: dict[str, int] = {}

    def run(self) -> None:
        table = ""
        while self._skip_blank():
            if self._source.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _skip_blank(self) -> bool:
        """Steps over white space, commas and comments; False at the end of the text."""
        while self._at < len(self._source):
            char = self._source[self._at]
            if char == "#":
                end = self._source.find("\n", self._at)
                self._at = len(self._source) if end < 0 else end
            elif char in " \t\r\n,":
                self._line += char == "\n"
                self._at += 1
            else:
                return True
        return False

    def _header(self) -> str:
        many = self._source.startswith("[[", self._at)
        self._at += 2 if many else 1
        path = ""
        parts = self._key("]")
        for number, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            if many and number == len(parts) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
                self._note(path)
            if path in self._counts:
                path = f"{path}[{self._counts[path] - 1}]"
            self._note(path)
        self._at += 2 if many else 1
        return path

    def _pair(self, table: str) -> None:
        line = self._line
        for part in self._key("="):
            table = f"{table}.{part}" if table else part
            self.lines.setdefault(table, line)
        self._at += 1
        self._value(table)

    def _note(self, path: str) -> None:
        self.lines.setdefault(path, self._line)

    def _key(self, stop: str) -> list[str]:
        """The parts of a dotted key, up to the character that ends it, which is left to the caller."""
        parts: list[str] = []
        while self._source[self._at] != stop:
            char = self._source[self._at]
            if char in "\"'":
                parts.append(self._string())
            elif char in " \t.":
                self._at += 1
            else:
                start = self._at
                while self._source[self._at] not in f" \t.{stop}":
                    self._at += 1
                parts.append(self._source[start : self._at])
        return parts

    def _value(self, path: str) -> None:
        self._skip_blank()
        char = self._source[self._at]
        if char == "[":
            self._at += 1
            index = 0
            while self._skip_blank() and self._source[self._at] != "]":
                self._note(f"{path}[{index}]")
                self._value(f"{path}[{index}]")
                index += 1
            self._at += 1
        elif char == "{":
            self._at += 1
            while self._skip_blank() and self._source[self._at] != "}":
                self._pair(path)
            self._at += 1
        elif char in "\"'":
            self._string()
        else:
            while self._at < len(self._source) and self._source[self._at] not in ",]}#\n":
                self._at += 1

    def _string(self) -> str:
        """Steps over one string of any of the four kinds, and gives what stands inside it."""
        quote = self._source[self._at]
        fence = quote * 3 if self._source.startswith(quote * 3, self._at) else quote
        start = self._at = self._at + len(fence)
        while not self._source.startswith(fence, self._at):
            self._at += 2 if self._source[self._at] == "\\" and quote == '"' else 1
        inside = self._source[start : self._at]
        if quote == '"' and "\\" in inside and len(fence) == 1:
            inside = str(tomllib.loads(f'key = "{inside}"')["key"])
        self._at += len(fence)
        if len(fence) == 3:  # up to two quotes may stand right before the closing three
            while self._source.startswith(quote, self._at):
                inside += quote
                self._at += 1
        self._line += self._source.count("\n", start - len(fence), self._at)
        return inside
