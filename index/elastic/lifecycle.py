"""Making the indices and proving that they are there and of this version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.backend import IndexUnavailable
from index.elastic.client import Forbidden, Missing, Refused
from index.elastic.schema import ADDED, KINDS, VERSIONS, index_settings, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.elastic.engine import Engine
    from index.elastic.schema import Kind

    Aliases = Mapping[str, Mapping[str, Mapping[str, Any]]]  # index to alias to definition

OLDEST = (8, 19)  # the first server whose answers were tried; the client asks for compatibility with 8
TEMPLATE_PRIORITY = 500  # above the templates that come with the server


def require_server(engine: Engine) -> str:
    """The server's version, '' where the credentials may not ask for it.

    Raises IndexUnavailable for a server that is too old or no Elasticsearch.
    """
    try:
        number = str(engine.cluster.ask(engine.cluster.es.info)["version"]["number"])
        parts = tuple(int(part) for part in number.split(".")[:2])
    except Forbidden:
        return ""
    except (KeyError, TypeError, ValueError):
        raise IndexUnavailable(
            f"what answers at {engine.cluster.place} tells no version: check the address of the index"
        ) from None
    if parts < OLDEST:
        raise IndexUnavailable(
            f"Elasticsearch at {engine.cluster.place} is {number}; 8.19 or newer is needed"
        )
    return number


def require_ready(engine: Engine) -> str:
    """Prove that every alias leads to one index, and that of searches to one article a story.

    Returns what to do before anything may be written where an index is of an older version, else ''. Raises
    `Missing` for an alias that is not there or without its filter, IndexUnavailable for a newer version and for
    indices that are not ours.
    """
    outdated = ""
    aliases = _aliases(engine)
    for kind, versions in _behind(engine, aliases).items():
        if not versions and kind in ADDED:
            outdated = outdated or lacking(engine, kind)
        elif not versions:
            raise missing_alias(engine, kind)
        elif max(versions) < VERSIONS[kind]:
            outdated = older(engine, kind, max(versions))
        elif max(versions) > VERSIONS[kind]:
            raise newer(engine, kind, max(versions))
    if not _filter_right(engine, aliases):
        raise Missing(
            f"Elasticsearch at {engine.cluster.place}: alias {engine.names.canonical} is missing or not filtered "
            "to one article a story; 'svodka index init' mends it"
        )
    return outdated


def missing_alias(engine: Engine, kind: Kind) -> Missing:
    """What to say where a kind cannot be reached."""
    return Missing(
        f"Elasticsearch at {engine.cluster.place}: alias {engine.names.alias(kind)} is missing; "
        "'svodka index init' makes it"
    )


def init(engine: Engine) -> list[str]:
    """Make what is missing: templates, indices, aliases. What was made, one line each; safe to repeat.

    Where indices of a kind are there without their alias, the newest gets it back.
    """
    made: list[str] = []
    for kind, versions in found_versions(engine).items():
        existing = versions or existing_versions(engine, kind)
        if not versions and len(existing) > 1:
            raise IndexUnavailable(
                f"alias {engine.names.alias(kind)} is missing and could lead to any of "
                f"{', '.join(engine.names.index(kind, each) for each in existing)} (an upgrade may have been killed): "
                "drop the one that is not whole, then run this again"
            )
        if existing:
            _require_version(engine, kind, max(existing))
        made += _template_if_missing(engine, kind)
        if not existing:
            create(engine, kind)
            made.append(f"index {engine.names.index(kind)} with alias {engine.names.alias(kind)}")
        elif not versions:
            made.append(_give_alias(engine, kind, max(existing)))
    return made + _mend_filter(engine)


def found_versions(engine: Engine) -> dict[Kind, list[int]]:
    """The versions of the indices behind the alias of each kind; empty where the alias is missing.

    Raises IndexUnavailable where an alias of ours leads to an index that is not ours, or to several at once.
    """
    return _behind(engine, _aliases(engine))


def existing_versions(engine: Engine, kind: Kind) -> list[int]:
    """The versions of a kind that have an index, with or without an alias."""
    prefix = engine.names.index(kind, 0).removesuffix("0")
    body = engine.cluster.ask(engine.cluster.es.indices.get_alias, index=f"{prefix}*", allow_no_indices=True)
    numbers = (index.removeprefix(prefix) for index in body)
    return sorted(int(number) for number in numbers if number.isdecimal())


def create(engine: Engine, kind: Kind, *, aliases: bool = True) -> None:
    """Make the index of the current version; one that another process has just made is fine."""
    try:
        engine.cluster.ask(
            engine.cluster.es.indices.create,
            index=engine.names.index(kind),
            mappings=mapping(kind),
            settings=index_settings(kind, engine.settings),
            aliases=engine.names.aliases(kind) if aliases else {},
        )
    except Refused as error:
        if error.kind != "resource_already_exists_exception":
            raise


def put_template(engine: Engine, kind: Kind) -> None:
    """The template of a kind.

    It gives every index of the kind its mapping and settings, also one restored or made by hand, and forbids
    the server to make one by itself: a write that comes late must not bring a dropped index back.
    """
    engine.cluster.ask(
        engine.cluster.es.indices.put_index_template,
        name=f"{engine.names.base}-{kind}",
        index_patterns=[f"{engine.names.base}-{kind}-v*"],
        allow_auto_create=False,
        priority=TEMPLATE_PRIORITY,
        version=VERSIONS[kind],
        template={"settings": index_settings(kind, engine.settings), "mappings": mapping(kind)},
    )


def _template_if_missing(engine: Engine, kind: Kind) -> list[str]:
    name = f"{engine.names.base}-{kind}"
    body = engine.cluster.look(engine.cluster.es.indices.get_index_template, name=name)
    if [each["index_template"].get("version") for each in body.get("index_templates", [])] == [
        VERSIONS[kind]
    ]:
        return []
    put_template(engine, kind)
    return [f"template {name}"]


def _aliases(engine: Engine) -> Aliases:
    """Every index, whoever made it, that an alias with one of our names leads to."""
    names = {name for kind in KINDS for name in engine.names.aliases(kind)}
    # Patterns, not names: a name that is not there yet, or closed to these credentials, would be an error.
    patterns = [f"{engine.names.base}*", f"{engine.names.alias('runs')}*"]
    body = engine.cluster.ask(engine.cluster.es.indices.get_alias, name=patterns)
    ours = {
        index: {name: each for name, each in entry["aliases"].items() if name in names}
        for index, entry in body.items()
    }
    return {index: found for index, found in ours.items() if found}


def _behind(engine: Engine, aliases: Aliases) -> dict[Kind, list[int]]:
    found: dict[Kind, list[int]] = {}
    for kind in KINDS:
        held = {alias: _holders(engine, kind, aliases, alias) for alias in engine.names.aliases(kind)}
        found[kind] = held[engine.names.alias(kind)]
    return found


def _holders(engine: Engine, kind: Kind, aliases: Aliases, alias: str) -> list[int]:
    """The version of the one index behind an alias, or nothing."""
    behind = sorted(index for index, held in aliases.items() if alias in held)
    prefix = engine.names.index(kind, 0).removesuffix("0")
    for index in behind:
        if not (index.startswith(prefix) and index.removeprefix(prefix).isdecimal()):
            raise IndexUnavailable(
                f"alias {alias} leads to {index}, which is not an index of Svodka: choose another name "
                "(SVODKA_ELASTICSEARCH_NAME), or take the alias off that index"
            )
    if len(behind) > 1:
        raise IndexUnavailable(
            f"alias {alias} leads to {' and '.join(behind)}: take it off all but the one in use"
        )
    if any(aliases[index][alias].get("is_write_index") is False for index in behind):
        raise IndexUnavailable(
            f"alias {alias} allows no writes (is_write_index: false on {behind[0]}): set it to true there"
        )
    return [int(index.removeprefix(prefix)) for index in behind]


def _require_version(engine: Engine, kind: Kind, version: int) -> None:
    current = VERSIONS[kind]
    if version < current:
        raise IndexUnavailable(older(engine, kind, version))
    if version > current:
        raise newer(engine, kind, version)


def lacking(engine: Engine, kind: Kind) -> str:
    """What to say of indices that an older Svodka made, to which a kind has been added since."""
    return (
        f"{engine.names.index(kind)} is missing, which this Svodka keeps beside the others: run "
        "'svodka index upgrade'; searches go on, and what is crawled waits until then"
    )


def older(engine: Engine, kind: Kind, version: int) -> str:
    """What to say of an index that an older Svodka made."""
    return (
        f"{engine.names.index(kind, version)} is of an older version, this Svodka writes v{VERSIONS[kind]}: run "
        "'svodka index upgrade'; searches go on, and what is crawled waits until then"
    )


def newer(engine: Engine, kind: Kind, version: int) -> IndexUnavailable:
    """What to say to an index of a Svodka that knows more."""
    return IndexUnavailable(
        f"{engine.names.index(kind, version)} is of a newer Svodka than this one (v{VERSIONS[kind]}): update Svodka"
    )


def _give_alias(engine: Engine, kind: Kind, version: int) -> str:
    index = engine.names.index(kind, version)
    actions = [
        {"add": {"index": index, "alias": alias, **definition}}
        for alias, definition in engine.names.aliases(kind).items()
    ]
    engine.cluster.ask(engine.cluster.es.indices.update_aliases, actions=actions)
    return f"alias {engine.names.alias(kind)} on {index}"


def _filter_right(engine: Engine, aliases: Aliases) -> bool:
    """Whether the alias for searches leads to the articles, filtered to one a story."""
    names = engine.names
    wanted = names.aliases("articles")[names.canonical]["filter"]
    holders = [held for held in aliases.values() if names.articles in held]
    return all(held.get(names.canonical, {}).get("filter") == wanted for held in holders)


def _mend_filter(engine: Engine) -> list[str]:
    aliases = _aliases(engine)
    if _filter_right(engine, aliases):
        return []
    (version,) = _behind(engine, aliases)["articles"]
    _give_alias(engine, "articles", version)
    return [f"alias {engine.names.canonical} on {engine.names.index('articles', version)}"]


def drop(engine: Engine) -> None:
    """Delete every index and template of this name, with all that is in them."""
    es, names = engine.cluster.es, engine.names
    for kind in KINDS:
        for version in existing_versions(engine, kind):
            engine.cluster.ask(es.indices.delete, index=names.index(kind, version), ignore_unavailable=True)
        engine.cluster.look(es.indices.delete_index_template, name=f"{names.base}-{kind}")
