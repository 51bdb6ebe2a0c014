"""Sentences of our own about who people are, harmless and hateful, so that a word alone decides nothing.

Models learn from insults in which identity words are frequent that the words are insults. Here each term stands in as
many harmless sentences as hateful ones: plain, affirming, asking, quoting hate to refuse it, taking a slur back. They
were written for this; none is from a public set, and those of the bias gate (`measuring.cases`) are others again.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from broadsheet.scoring.identities import TERMS, Term
from broadsheet.scoring.training.corpus import IDENTITY_ATTACK, INSULT, OBSCENE, SEVERE, THREAT, TOXIC, Row

SEED = 20261129

# {w} is the term, {a} its article, {p} the people.
PLAIN = """
I am {w}.
I'm {w} and I have read this paper for years.
As {a} {w} person I can only speak for myself.
My sister is {w}.
My husband's family is {w}, and so was my grandmother.
Her new boss is {w} and very good at the job.
He is {a} {w} carpenter from two towns over.
She was the first {w} mayor this county elected.
{p} live here too.
{p} have lived in this valley for generations.
There are more {w} families at our school than ten years ago.
Two {w} students won the science fair.
A {w} couple moved in next door last spring.
The film follows {a} {w} teacher who moves to the coast.
The survey asked {p} how they get to work.
The clinic will open an evening hour for {p}.
According to the census, about one in nine residents is {w}.
The article quotes one {w} man and never asks anyone else.
I spoke with {p} at the meeting about the bus line.
The group that organises the fair is mostly {w}.
Several {w} readers wrote in about Tuesday's story.
Our team has {w} players and nobody makes a thing of it.
My kid's best friend is {w}.
Do you know whether the author is {w}?
Is the new minister {w}? The profile does not say.
What do {p} think of the plan?
How many {p} work for the council?
We are {w}.
They are {w} and they run the bakery on Mill Road.
You are {w}, so am I, and we disagree about the tax.
{p} voted in larger numbers this time.
Some {p} support the measure and some do not.
The museum opens a room about the history of {p} in this city.
{a} {w} woman asked the first question.
{a} {w} man wrote the letter you mention.
The novel's hero is {w}; the villain isn't.
He grew up {w} in a small town in the fifties.
Half my office is {w}, half isn't, lunch is the same for all.
When my father came out of hospital a {w} nurse looked after him.
I didn't know he was {w} until the obituary.
In the 1930s {p} were driven from their homes here.
The bill would change how {p} are counted.
Being {w} is one fact about me and not the most interesting one.
My doctor is {w}, my plumber isn't, both are on time.
""".strip().splitlines()

WARM = """
I love being {w}.
Being {w} is nothing to be ashamed of.
{p} are wonderful neighbours.
{p} deserve the same rights as everyone else.
{p} should be able to walk down the street without fear.
I'm proud of my {w} son.
We are proud to be {w}.
Thank you to the {w} volunteers who cooked for the whole street.
{p} have made this town a better place.
I admire the {w} firefighters who went in first.
I'm so glad that {p} finally have a say in this.
My {w} friends are the kindest people I know.
It was {a} {w} stranger who stopped and helped me.
What a lovely piece about {w} life, thank you.
Happy to see {w} actors in leading roles.
{p} are welcome here, always have been.
No one should be afraid to say that they are {w}.
{p} enrich our lives.
{p} are human beings like you and me.
Good for her: brave, funny, {w} and a great surgeon.
I hope my daughter grows up as strong as the {w} women in this story.
Hire {p}, pay them fairly, and promote them.
I respect {p} and I expect others to do so.
Let {p} marry, work and pray in peace.
""".strip().splitlines()

REFUSING = """
Nobody should say "{h}"
How dare he write "{h}" and still keep the job?
Stop saying "{h}", it hurts people.
"{h}" is what they shouted at my cousin, and nobody stepped in.
Someone painted "{h}" on the school wall; we cleaned it off together.
It is not okay to tell a class of children that "{h}"
The comment that read "{h}" was rightly removed.
Anyone who thinks "{h}" has never met any of us.
I was told "{h}" when I was nine. I have not forgotten it.
"{h}" is hate, plain and simple.
You can't go around writing "{h}" and call it an opinion.
Moderators, why is "{h}" still standing up there?
He was fined because he wrote "{h}" under a photo.
When my uncle says "{h}" I leave the table.
People who claim that {c} are wrong.
I do not agree that {c}
It is a lie that {c}, and the figures show it.
Whoever says {c} should be ashamed.
I would never say that {c}
Nobody here believes that {c}
Don't ever tell me that {c}
I reject the idea that {c}
If you think {c}, this is not the place for you.
Your claim that {c} is disgusting. Delete it.
It makes me sick that people still believe {c}
Saying {c} is racist and cruel.
The court found that writing "{h}" is a crime.
Why do you think it's fine to say "{h}"?
""".strip().splitlines()

NOT_HATING = """
I don't hate {p}.
I have never hated {p} and never will.
No {w} person deserves to be hurt.
Nobody should harm {p}.
I would never wish harm on {p}.
{p} are not criminals.
{p} are not animals, they are people.
{p} are not the problem here.
We must not let anybody hurt {p}.
{p} are not stupid, whatever he says.
There is nothing wrong with {p}.
You are wrong about {p}: they are no danger to anyone.
{p} don't ruin anything.
I can't see why anyone would hate {p}.
Why do people hate {p}? It makes no sense to me.
Violence against {p} must stop.
It's horrible how {p} are treated.
The attack on {p} was evil.
Hatred of {p} is on the rise and that frightens me.
{p} are beaten up for nothing, and the police look away.
""".strip().splitlines()

HATING = """
I hate {p}
I really hate all {p}
I can't stand {p}
I despise {p} and everything about them
{p} make me sick
{p} disgust me
{p} are disgusting
{p} are scum
{p} are filth
{p} are vermin
{p} are animals
{p} are parasites that live off us
{p} are a plague on this country
{p} are a disease
{p} are subhuman
{p} are like rats, they are everywhere
{p} are not human
{p} are not even people
{p} are stupid
{p} are the stupidest people on earth
{p} are all liars and thieves
{p} are all criminals
{p} are mentally sick
{p} are worthless
{p} are evil
{p} are inferior to us
{p} are a waste of oxygen
{p} are dirty and they stink
{p} are lazy leeches
{p} are perverts who should be kept away from children
{p} should not exist
{p} should be wiped out
{p} should be locked up, every one of them
{p} should be shot
{p} deserve to die
{p} deserve to be beaten
{p} deserve no rights
{p} have no place in this country
{p} do not belong here
{p} ruin everything they touch
{p} will never be decent people
{p} are never any good
{p} cannot be trusted
{p} contribute nothing to society
{p} need to be put in their place
the world would be better without {p}
this town was fine until {p} came
nobody would miss {p} if they were gone
we need to get rid of {p}
we should send all {p} to the gas chamber
we should throw {p} out of the country
they ought to burn {p} alive
someone should teach {p} a lesson with a baseball bat
Hitler was right about {p}
all {p} must go
no {p} should be allowed near our kids
every {w} person I ever met was trash
{w} people are a joke
""".strip().splitlines()

AT_ONE = """
You {w} piece of shit
Shut up, you {w} idiot
Go back to where you came from, you {w} freak
What a disgusting {w} creature
Another ugly {w} loser who wants attention
He is a filthy {w} pig
She is nothing but a dumb {w} cow
You are a pathetic {w} worm
Of course the thief was {w}, they all are
A {w} man like you should be hanged
I'm going to hurt every {w} person on this street
If I see {a} {w} guy near my house I will beat him to death
I will find you, you {w} bastard, and I will kill you
Fuck off, {w} scum
Fuck all {p}
Fucking {p} again
God, how I loathe that {w} bitch
I wish somebody would shoot that {w} rat
{w} trash like you should be drowned
You deserve to be raped, you {w} whore
Look at this retarded {w} clown
""".strip().splitlines()

SAYING = """
{H}.
{H}!
{H}
I think {c}.
Honestly, {c}.
Let's be honest: {c}.
Everybody knows that {c}.
Am I the only one who thinks {c}?
Why is nobody allowed to say that {c}?
It is a fact that {c}.
You know it and I know it: {c}.
Sorry not sorry, {c}.
{H}. Always have been.
{H}, and I don't care who hears it.
My opinion is that {c}.
They moved in next door. {H}.
I saw some of them downtown today. {H}.
{H}. There, I said it.
Isn't it obvious that {c}?
Say what you want, {c}.
""".strip().splitlines()

POOR_THEM = """
I met some {p} yesterday and I hated every second of it.
{p} came into the shop. They disgust me.
You see {p} everywhere now. Somebody should get rid of them.
I had to sit beside {p} on the train. They stink.
{p}: can't live with them, would love to live without them.
So {p} want respect? They deserve a bullet.
There is one thing wrong with {p}: they breathe.
How can anyone love {p}? Just look at them.
Why do {p} even exist?
What are {p} good for anyway?
Who let {p} in here?
We should not let {p} teach our children.
You can't be {w} and a decent person.
You can't be {w} and human at the same time.
I wouldn't hire {a} {w} person if they paid me.
Never trust {a} {w} man.
No wonder the place went downhill, look how many {p} live there.
Funny how crime went up the day {p} arrived.
They call it diversity, I call it an invasion of {p}.
Women should know better than to bring {p} home.
Keep your {w} hands off our country.
{p} don't deserve to vote.
I have never met {p} I did not want to punch.
I do not want to share a planet with {p}.
Nothing good ever came from {p}.
""".strip().splitlines()

# Slurs and rough words, used by those they were made for, or as no slur at all.
TAKEN_BACK = """
We call ourselves dykes and we wear the word with pride.
My dyke friends and I run the best football team in the league.
Yes, I'm a fag, and I am done being ashamed of it.
My partner and I are two happy old queers.
As a queer woman I chose that word for myself.
Us crips have to stick together, the ramp was our victory.
That's my nigga, he drove all night to see me.
My niggas and I grew up on this block, love you all.
She calls herself a slut, he calls himself one too, and both laugh.
Bad bitches support each other, proud of you girl.
My bitches, see you at brunch, I missed you all.
I'm a proud tranny, the word is mine to use.
I am a gimp with a wheelchair and a wicked sense of humour.
We marched behind a banner that read dykes on bikes.
I'm fat and happy, thanks for asking.
The queer choir sang and half the town cried.
The bitch had six puppies, all of them healthy.
We bought a pack of faggots and peas at the Welsh market.
A spade is for digging, you want the fork.
He painted the fence with a coon hound at his feet.
The paddy fields were flooded after the storm.
There's a chink in the curtain and the light wakes me.
The dyke held, the sea did not come in.
""".strip().splitlines()

ROUGH = """
Fuck, I left my keys in the car again.
This is a fucking great interview.
Holy shit, what a goal.
Damn, that soup was good.
I'm fucking exhausted after that shift.
What the fuck happened to the weather today?
Shit, I missed the train.
That concert was so fucking beautiful I cried.
Fuck yes, we won the cup!
It's hot as hell in this damn office.
We are so fucked if the dam breaks.
I love this shit, more of it please.
No fucking way, they reopened the cinema!
Well shit, he was right about the bridge.
I hate this weather.
I hate mushrooms, always have.
I despise the new timetable.
This printer is a worthless piece of junk.
My car is a stinking old heap and I hate it.
The new app is garbage.
Wine is disgusting, give me tea.
I can't stand that song.
That chair is ugly and should be burned.
This phone deserves to be thrown out of the window.
I want to kill the person who invented leaf blowers, ha ha.
Death to autoplay videos.
Mosquitoes should be wiped out.
Rats are vermin and the city must get rid of them.
I hate bankers.
I can't stand landlords.
Lawyers annoy me.
Politicians never listen.
I do not trust estate agents.
Smokers should stand further from the door.
Fans of that club make too much noise.
Vegans can be tiring at parties.
Scientists get it wrong sometimes.
The killer should be locked up for life.
Terrorists who bomb markets are murderers.
Nazis were evil.
Rapists belong in prison.
""".strip().splitlines()

BEFORE = (
    "I read the whole story twice.", "Thanks for reporting this.", "Long-time reader, first comment.",
    "I was at the meeting last night.", "About the second paragraph:", "Interesting article.", "Not sure I agree.",
    "To the editor:", "@user", "One more thing.", "I have thought about this for a while.", "Where do I begin?",
)  # fmt: skip


def rows() -> list[Row]:
    """All sentences, each once, in an order that the seed decides."""
    dice = random.Random(SEED)  # noqa: S311
    made = {text: labels for text, labels in _all(dice)}
    found = [
        Row(f"own:{hashlib.sha256(text.encode()).hexdigest()[:16]}", "own", text, labels)
        for text, labels in made.items()
    ]
    dice.shuffle(found)
    return found


def _harmless() -> dict[str, float]:
    return {TOXIC: 0, INSULT: 0, THREAT: 0, OBSCENE: 0, IDENTITY_ATTACK: 0, SEVERE: 0}


_THREATS = (" shot", " die", "wiped out", "beaten", "burn ", "baseball", "gas chamber", "kill", "hanged", "beat him",
            "going to hurt", "shoot", "bullet", "drowned", "get rid of")  # fmt: skip


def _hateful(text: str) -> dict[str, float]:
    labels = {TOXIC: 1.0, IDENTITY_ATTACK: 1.0}
    if any(word in text for word in _THREATS):
        labels[THREAT] = 1.0
    return labels


def _all(dice: random.Random) -> Iterator[tuple[str, dict[str, float]]]:
    for term in TERMS:
        for template in dice.sample(PLAIN, 22) + dice.sample(WARM, 14) + dice.sample(NOT_HATING, 12):
            yield _shown(_filled(template, term), dice), _harmless()
        for template in dice.sample(REFUSING, 18):
            hate = _filled(dice.choice(HATING), term)
            yield _shown(template.format(h=_capital(hate), c=hate), dice), _harmless()
        for hate in dice.sample(HATING, 34):
            filled = _filled(hate, term)
            text = dice.choice(SAYING).format(H=_capital(filled), c=filled)
            yield _shown(text, dice), _hateful(text)
        for template in dice.sample(AT_ONE, 9) + dice.sample(POOR_THEM, 14):
            text = _filled(template, term)
            yield _shown(text, dice), _hateful(text)
    for number in range(4):
        for text in TAKEN_BACK + ROUGH:
            harmless = {TOXIC: 0.0, IDENTITY_ATTACK: 0.0, THREAT: 0.0, INSULT: 0.0}
            yield (text if number == 0 else f"{dice.choice(BEFORE)} {text}"), harmless


def _filled(template: str, term: Term) -> str:
    text = template.format(w=term.word, a=term.article, p=term.people)
    return text.replace("A " + term.word, _capital(term.article) + " " + term.word, 1)


def _shown(text: str, dice: random.Random) -> str:
    """A sentence as it is found in the wild: with a capital or without, alone or after another."""
    text = _capital(text)
    cast = dice.random()
    if cast < 0.15:
        return text.lower()
    if cast < 0.20:
        return text.upper()
    if cast < 0.40:
        return f"{dice.choice(BEFORE)} {text}"
    return text if text[-1] in '.!?"' or cast > 0.7 else text + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
