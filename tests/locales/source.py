"""Which texts the program's source asks for, read from its syntax trees without running it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "schedules", "web")
ANYTHING = "*"
"""Stands in a key for what the program puts there when it runs: `notice.*`."""

_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.(?!html$)[a-z0-9_*]+)+")
_IN_A_PAGE = re.compile(r"""\b(t|term)\(\s*["']([a-z0-9_.]+)["']\s*(~?)""")
_PAGE_PREFIX = {"t": "staff_web.", "term": ""}
_LOGGERS = frozenset({"log", "logger", "_log"})

# Callable -> where its key stands, where its parameters stand (None: its keywords are the parameters).
_SAYS: dict[str, tuple[tuple[int, str], tuple[int, str] | None]] = {
    "Reply": ((0, "template"), (1, "params")),
    "Choice": ((0, "label"), (2, "params")),
    "said": ((0, "template"), None),
    "step": ((0, "label"), None),
}
_SAYS_BARE = frozenset({"term", "say"})
_BUTTONS = frozenset({"Choice", "step"})


@dataclass(frozen=True, slots=True)
class Use:
    """One place that shows a text. `given` are the slots it fills, None where only a run could tell."""

    keys: tuple[str, ...]
    given: frozenset[str] | None
    button: bool
    where: str


class Module:
    """One file of source."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        """Its functions by name, methods too."""
        return {
            node.name: node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    def imported(self, alias: str) -> "tuple[Module, str] | None":
        """The module of ours and the name in it that `alias` was imported from."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                file = ROOT / f"{node.module.replace('.', '/')}.py"
                for name in node.names:
                    if (name.asname or name.name) == alias and file.is_file():
                        return Module(file), name.name
        return None

    def uses(self) -> Iterator[Use]:
        """Every call that shows a text."""
        for scope, call in _calls(self.tree):
            name = _called(call)
            if name in _SAYS:
                key_at, params_at = _SAYS[name]
                expression = _argument(call, *key_at)
                given = (
                    _keywords(call, key_at[1]) if params_at is None else self._params(call, params_at, scope)
                )
            elif name in _SAYS_BARE and call.args:
                alone = len(call.args) == 1 and not call.keywords
                expression, given = call.args[0], frozenset() if alone else None
            else:
                continue
            keys = tuple(f"{_prefix(call)}{key}" for key in _keys(expression, scope) if key)
            yield Use(keys, given, name in _BUTTONS, f"{self.name}:{call.lineno}")

    def _params(self, call: ast.Call, at: tuple[int, str], scope: ast.AST) -> frozenset[str] | None:
        expression = _argument(call, *at)
        return frozenset() if expression is None else self.slots_of(expression, scope)

    def slots_of(self, node: ast.expr, scope: ast.AST) -> frozenset[str] | None:
        """The names a dict expression surely has, None where that cannot be read."""
        match node:
            case ast.Dict():
                names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                return frozenset(str(name) for name in names) if None not in names else None
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                first, second = self.slots_of(left, scope), self.slots_of(right, scope)
                return None if first is None or second is None else first | second
            case ast.Call(func=ast.Name(id=name)):
                return self._returned(name)
            case ast.Name(id=name):
                return self._held(name, scope)
            case _:
                return None

    def _returned(self, name: str) -> frozenset[str] | None:
        found = self.imported(name)
        module, own = found or (self, name)
        function = module.functions.get(own)
        if function is None:
            return None
        returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
        sets = [module.slots_of(value, function) for value in returns]
        known = [one for one in sets if one is not None]
        return frozenset.intersection(*known) if known and len(known) == len(sets) else None

    def _held(self, name: str, scope: ast.AST) -> frozenset[str] | None:
        values = _assigned(name, scope)
        if len(values) != 1:
            return None
        first = self.slots_of(values[0], scope)
        return None if first is None else first | _stored(name, scope)


def _calls(tree: ast.AST, scope: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.Call]]:
    scope = scope or tree
    for node in ast.iter_child_nodes(tree):
        inner = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        if isinstance(node, ast.Call):
            yield scope, node
        yield from _calls(node, inner)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _prefix(call: ast.Call) -> str:
    """A page's visitor is spoken to in the console's own texts."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="visit"), attr="say"):
            return _PAGE_PREFIX["t"]
    return ""


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _keywords(call: ast.Call, key_name: str) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords if keyword.arg != key_name]
    return None if None in names else frozenset(str(name) for name in names)


def _keys(node: ast.expr | None, scope: ast.AST) -> list[str]:
    match node:
        case ast.Constant(value=str() as value):
            return [value]
        case ast.JoinedStr():
            return [_pattern(node)]
        case ast.IfExp(body=body, orelse=other):
            return _keys(body, scope) + _keys(other, scope)
        case ast.Name(id=name):
            values = _assigned(name, scope) + _defaults(name, scope)
            own = [key for value in values for key in _keys(value, scope)]
            return own + [key for value in _passed(name, scope) for key in _keys(value, value)]
        case _:
            return []


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ANYTHING
        for part in node.values
    )


def _assigned(name: str, scope: ast.AST) -> list[ast.expr]:
    values = []
    for node in ast.walk(scope):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            values.append(node.value)
    return values


def _passed(name: str, scope: ast.AST) -> list[ast.expr]:
    """What callers hand in for a parameter of that name, as far as it stands there in words."""
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    arguments = [*scope.args.posonlyargs, *scope.args.args]
    names = [argument.arg for argument in arguments if argument.arg != "self"]
    if name not in names:
        return []
    handed = [_argument(call, names.index(name), name) for call in _calls_by_name().get(scope.name, ())]
    return [value for value in handed if isinstance(value, ast.Constant | ast.JoinedStr | ast.IfExp)]


def _defaults(name: str, scope: ast.AST) -> list[ast.expr]:
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    arguments = [*scope.args.posonlyargs, *scope.args.args]
    defaults = scope.args.defaults
    pairs = list(zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True))
    return [value for argument, value in pairs if argument.arg == name]


def _stored(name: str, scope: ast.AST) -> frozenset[str]:
    """Keys put into a dict after it was made, outside any branch."""
    found = set()
    for node in getattr(scope, "body", []):
        for target in node.targets if isinstance(node, ast.Assign) else []:
            match target:
                case ast.Subscript(value=ast.Name(id=held), slice=ast.Constant(value=str() as key)):
                    found |= {key} if held == name else set()
    return frozenset(found)


@cache
def modules() -> tuple[Module, ...]:
    """Every file of the rooms that speak to people."""
    return tuple(Module(path) for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))


@cache
def _calls_by_name() -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for module in modules():
        for _, call in _calls(module.tree):
            found.setdefault(_called(call), []).append(call)
    return found


def named_keys(namespaces: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Every string anywhere in the source, and in the pages, that reads like a key; and where it stands."""
    for module in modules():
        for node in _words_outside_the_log(module.tree):
            key = _pattern(node) if isinstance(node, ast.JoinedStr) else str(node.value)
            if _KEY.fullmatch(key) and key.partition(".")[0] in namespaces:
                yield key + ANYTHING * key.endswith("_"), f"{module.name}:{node.lineno}"
    for page in sorted((ROOT / "web").rglob("*.html")):
        for found in _IN_A_PAGE.finditer(page.read_text(encoding="utf-8")):
            key = _PAGE_PREFIX[found[1]] + found[2] + ANYTHING * len(found[3])
            if key.partition(".")[0] in namespaces:
                yield key, page.relative_to(ROOT).as_posix()


def _words_outside_the_log(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _is_log(node.func):
            continue
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node
        if not isinstance(node, ast.JoinedStr):
            yield from _words_outside_the_log(node)


def _is_log(function: ast.expr) -> bool:
    # What is noted in the sealed log is named by words of its own, below `audit.did.`.
    if isinstance(function, ast.Name):
        return function.id == "Entry"
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ("note", "Entry"):
        return True
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name in _LOGGERS
