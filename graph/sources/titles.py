"""The titles of those who visit, and the post that each means in the state they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Title:
    """Words that stand before a visitor's name.

    `post` is the label of the post they mean, with {} for the state, or empty where they mean none: a rank, or an
    office to which somebody is elected and not yet in. `aliases` are further labels of that post, and `only` the codes
    of the states where the words mean it.
    """

    words: tuple[str, ...]
    post: str = ""
    aliases: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    party: str = ""


ORGANIZATIONS: Final = ("NATO", "United Nations", "European Community", "European Union", "European Commission")
"""Organizations that send visitors, as the records name them."""

_PRIME_MINISTER: Final = "Prime Minister of {}"
_EMIR: Final = "Emir of {}"

TITLES: Final = (
    # Slips of the pen stand beside what they mean.
    Title(("President", "Acting President", "Interim President", "Provisional President"), "President of {}"),
    Title(("President-elect", "President-designate", "Chancellor-elect", "Prime Minister-designate")),
    Title(("Vice President", "Vice-President"), "Vice President of {}"),
    Title(
        ("Prime Minister", "Acting Prime Minister", "Interim Prime Minister", "Prime Minster", "Prime Ministere"),
        _PRIME_MINISTER,
    ),
    Title(("Premier",), _PRIME_MINISTER, ("Premier of {}",)),
    Title(("Taoiseach",), _PRIME_MINISTER, ("Taoiseach of {}",), ("IRL",)),
    Title(("Deputy Prime Minister",), "Deputy Prime Minister of {}"),
    Title(("Vice Premier",), "Vice Premier of {}"),
    Title(("Chancellor", "Federal Chancellor"), "Chancellor of {}", ("Federal Chancellor of {}",)),
    Title(
        ("Foreign Minister", "Foreign Secretary", "Minister of Foreign Affairs", "Minister for Foreign Affairs"),
        "Minister of Foreign Affairs of {}",
        ("Foreign Minister of {}",),
    ),
    Title(("King",), "King of {}"),
    Title(("Queen",), "Queen of {}"),
    Title(("Emperor",), "Emperor of {}"),
    Title(("Shah",), "Shah of {}", (), ("IRN",)),
    Title(("Sultan",), "Sultan of {}"),
    Title(("Emir", "Amir", "Emir Sheikh", "Amir Sheikh", "Emir Sheik", "Amir Sheik"), _EMIR, ("Amir of {}",)),
    Title(("Grand Duke",), "Grand Duke of {}"),
    Title(("Grand Duchess",), "Grand Duchess of {}"),
    Title(("Prince",), "Prince of {}", (), ("MCO", "LIE")),  # elsewhere a prince by birth
    Title(("Crown Prince",), "Crown Prince of {}"),
    Title(("Regent", "Regent Prince"), "Regent of {}"),
    Title(("Pope",), "Pope", (), ("VAT",)),
    Title(("Governor General", "Governor-General"), "Governor-General of {}"),
    Title(("Head of State",), "Head of State of {}"),
    Title(("Chief of State",), "Head of State of {}", ("Chief of State of {}",)),
    Title(("Chairman of the Presidency",), "Chairman of the Presidency of {}"),
    Title(("President of the Council of Ministers",), "President of the Council of Ministers of {}"),
    Title(
        ("General Secretary",),
        "General Secretary of the Communist Party of {}",
        ("General Secretary of the Central Committee of the Communist Party of {}",),
        ("SUN", "VNM"),
        "Communist Party of {}",
    ),
    Title(
        ("First Secretary",),
        "First Secretary of the Polish United Workers' Party",
        (),
        ("POL",),
        "Polish United Workers' Party",
    ),
    Title(("Secretary General", "Secretary-General"), "Secretary General of {}", (), ORGANIZATIONS),
    Title(("Chairman", "Junta Member", "Speaker", "Minister")),  # of what, the records do not say
    Title(("General", "Brigadier General", "Lieutenant General", "Major General", "Marshal", "Colonel", "Admiral")),
)
"""Every title that is known. The longest that fits the beginning of a text is the one that is meant."""


@dataclass(frozen=True)
class Office:
    """A post: its label, further labels, and the party whose post it is, empty where it is the state's own."""

    label: str
    aliases: tuple[str, ...]
    party: str


def office(title: Title | None, code: str, phrase: str) -> Office | None:
    """Return the post that a title means in the state of a code, or None where it means none.

    `phrase` is the state as it stands in a sentence, `the Netherlands`.
    """
    if title is None or not title.post or (title.only and code not in title.only):
        return None
    # A king of the Kingdom of Hawaii is called King of Hawaii.
    phrase = phrase.removeprefix("the Kingdom of ") if title.words[0] in ("King", "Queen") else phrase
    return Office(title.post.format(phrase), tuple(a.format(phrase) for a in title.aliases), title.party.format(phrase))
