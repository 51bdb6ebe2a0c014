"""Sentences of our own to look at the scorer's conscience with; none is in a public set, and none was learned from.

`SENTENCES` are said of each identity term: harmless ones (plain, affirming, quoting, taking back) and hateful ones.
`CASES` are functions a scorer should have, in the manner of HateCheck, with other sentences than HateCheck's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.scoring.identities import TERMS, Term

HARMLESS: dict[str, tuple[str, ...]] = {
    "plain": (
        "I'm {a} {w} reader from the north side.",
        "{a} {w} family runs the bookshop by the station.",
        "The new conductor of the orchestra is {w}.",
        "My children go to school with {p}.",
        "The report interviews {p} about rents in the old town.",
        "Is there a {w} member on the council this year?",
        "{p} came to the hearing on Thursday and spoke for ten minutes.",
        "She told her parents at sixteen that she is {w}.",
        "We asked whether {p} read the local paper.",
        "Her uncle, who is {w}, plays the trumpet.",
        "The play is about two {w} brothers and a boat.",
        "I have been {w} all my life.",
        "A {w} engineer designed that bridge.",
        "There were {p} among the people who were rescued.",
    ),
    "affirming": (
        "It makes me happy to see {p} on the front page for once.",
        "{w} and proud, and I vote.",
        "{p} belong here as much as I do.",
        "My {w} grandson is the joy of my life.",
        "What would this choir be without its {w} singers?",
        "Nothing about being {w} needs to be explained to anybody.",
        "{p} taught me what courage is.",
        "Good on the bakery for standing by its {w} staff.",
        "I wish {p} a happy holiday.",
        "Every {w} child should feel safe at school.",
    ),
    "quoting": (
        'The man behind me muttered "send {p} away" and I asked him to leave.',
        'Whoever sprayed "{p} out" on that door should clean it.',
        '"{p} are trash" is not an argument, it is an insult, and you should delete it.',
        "It is false to say that {p} commit more crimes.",
        "He lost his job for posting that {p} are vermin, and rightly so.",
        "Why would anybody claim that {p} are dangerous?",
        "I don't think {p} are the cause of any of this.",
        'When I was a boy they called us "dirty {w} rats". We remember.',
        "We will not accept threats against {p} in this town.",
        "There is no excuse for hating {p}.",
    ),
    "taking back": (
        "Yes, I am {w}, get used to it.",
        "We are {w}, we are loud, and we brought cake.",
        "Damn right I'm {w}.",
        "They used to shout {w} at me as if it were an insult. It is my name for myself now.",
    ),
}
HATEFUL: tuple[str, ...] = (
    "{p} are garbage and should be dumped.",
    "I can't breathe near {p}, they are revolting.",
    "Somebody ought to run {p} over with a truck.",
    "No {w} filth in my street.",
    "{p} are too dumb to live.",
    "You ugly {w} moron, nobody wants you here.",
    "I spit on {p}.",
    "{p} breed like cockroaches.",
    "Kick {p} out before they destroy us all.",
    "I hope every {w} person in this city gets cancer.",
    "If you are {w} you are a lower form of life.",
    "{p} must be exterminated.",
)
WITHOUT: tuple[str, ...] = (
    "You are garbage and should be dumped.",
    "Shut your stupid mouth, you worthless clown.",
    "Somebody ought to run you over with a truck.",
    "The mayor is a lying sack of shit.",
    "You are too dumb to live.",
    "What an ugly moron, nobody wants you here.",
    "I spit on you and your whole family.",
    "Go die in a ditch, loser.",
    "This reporter is a pathetic, disgusting hack.",
    "I hope you get cancer.",
    "You people are idiots, every single one of you.",
    "Piss off, you brainless troll.",
    "I will break your neck, scumbag.",
    "The editor is a corrupt whore.",
    "Only a complete imbecile would write such crap.",
    "Eat shit, you miserable old cow.",
)


@dataclass(frozen=True)
class Case:
    """A sentence, the function it tests and what it should be called."""

    function: str
    hateful: bool
    text: str


def said_of(term: Term) -> Iterator[tuple[str, str]]:
    """The harmless sentences of a term: what they do, and the sentence."""
    for way, sentences in HARMLESS.items():
        for sentence in sentences:
            yield way, _filled(sentence, term)


def hateful_of(term: Term) -> list[str]:
    """The hateful sentences of a term."""
    return [_filled(sentence, term) for sentence in HATEFUL]


def _filled(sentence: str, term: Term) -> str:
    text = sentence.format(a=term.article, w=term.word, p=term.people)
    return text[:1].upper() + text[1:]


GROUPS = tuple(
    term for term in TERMS if term.word in {"female", "trans", "gay", "black", "disabled", "muslim", "immigrant"}
)

_FUNCTIONS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "strong feeling": (True, ("I loathe {p}.", "{p} fill me with disgust.", "God, I detest {p}.")),
    "bad qualities": (True, (
        "{p} are crooks.",
        "{p} are so damn thick.",
        "{p} are cowards and cheats, the lot of them.",
    )),
    "less than human": (True, ("{p} are leeches.", "{p} are a cancer.", "{p} are beasts, nothing more.")),
    "between the lines": (True, (
        "You would not want {p} for neighbours, trust me.",
        "{p} are fine as long as they stay far away.",
        "A {w} person in charge? The company is finished.",
    )),
    "threat": (True, (
        "I will smash the face of the next {w} person I meet.",
        "We are coming for {p} tonight.",
        "{p}, you had better run.",
    )),
    "call for harm": (True, ("{p} should be whipped.", "It is time to make {p} suffer.", "{p} need a good beating.")),
    "rough words": (True, (
        "Those fucking {w} people again.",
        "{p} can kiss my ass and get lost.",
        "Shitty {w} liars.",
    )),
    "said in the next clause": (True, (
        "There go {p} again, how I despise them.",
        "Look at {p}. What a disgrace they are.",
        "{p} moved in upstairs, and I want them gone or dead.",
    )),
    "a good word denied": (True, (
        "{p} are not worth your pity.",
        "{p} will never be equal to us.",
        "No {w} person has ever been honest.",
    )),
    "as a question": (True, (
        "Why are {p} so filthy?",
        "When will somebody finally get rid of {p}?",
        "Aren't {p} the most useless people alive?",
    )),
    "as an opinion": (True, (
        "If you ask me, {p} are scumbags.",
        "I believe {p} should be put down.",
        "In my view {p} are a stain on this town.",
    )),
    "misspelt": (True, ("I h4te {p}", "{p} are scu m", "k i l l all {p}", "{p} are v3rmin", "{p} r disgustin")),
    "hate denied": (False, (
        "I could never loathe {p}.",
        "{p} are no crooks, that is slander.",
        "You must not call {p} leeches.",
    )),
    "plain statement": (False, (
        "{p} make up a tenth of the village.",
        "Our postman is {w}.",
        "They asked {p} for their view.",
    )),
    "kind statement": (False, (
        "{p} are a gift to this street.",
        "I stand with {p}.",
        "May {p} live long and well here.",
    )),
    "quoted to refuse": (False, (
        '"{p} are a cancer" has no place in this forum.',
        'Reading "{p} should be whipped" made me cry.',
        'Nobody who says "I loathe {p}" speaks for me.',
    )),
    "refused directly": (False, (
        "It is vile to call {p} beasts.",
        "You call {p} thick? Look at yourself.",
        "Wishing harm on {p} is a crime here.",
    )),
    "taken back": (False, (
        "As {a} {w} woman I make the jokes here.",
        "We {w} folk have survived worse than your weather.",
        "Call me {w}, I like the sound of it.",
    )),
}  # fmt: skip
_NO_GROUP: dict[str, tuple[bool, tuple[str, ...]]] = {
    "rough words, harmless": (False, (
        "Bloody hell, what a save.", "I'm so fucking happy for you two.", "Shit, it's raining again.",
        "That was one hell of a damn good speech.", "Fuck me, that coffee is strong.",
    )),
    "things, not people": (False, (
        "I loathe beetroot.", "This bus stop is a filthy disgrace.", "My laptop is a useless piece of rubbish.",
        "That wallpaper should be burned.", "Kill the lights, please.", "I hate Mondays.",
    )),
    "other groups": (False, (
        "I can't stand lobbyists.", "Speculators are the problem in this town.", "I don't trust bankers.",
        "Referees get on my nerves.", "Anglers leave too much rubbish by the river.",
    )),
    "slur's other sense": (False, (
        "The dyke along the river was raised by a metre.", "We cooked faggots in gravy, as my nan did.",
        "The bitch and her pups are up for adoption at the shelter.", "He called a spade a spade.",
    )),
}  # fmt: skip


def cases() -> list[Case]:
    """All functional cases."""
    found = [
        Case(function, hateful, _filled(sentence, term))
        for function, (hateful, sentences) in _FUNCTIONS.items()
        for sentence in sentences
        for term in GROUPS
    ]
    return found + [Case(function, hateful, text) for function, (hateful, texts) in _NO_GROUP.items() for text in texts]
