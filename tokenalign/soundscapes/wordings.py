"""What people say for each kind of sound: short phrases, one sound each, no connectives.

The first of each is a clause that can stand after "while".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
WORDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "airplane": (
        "an airplane flies over", "a jet passes overhead", "a plane flying by",
        "a passenger jet in the sky", "the roar of a jet plane", "aircraft noise",
        "a plane flies past", "an airliner passing over",
    ),
    "applause": (
        "people clap", "applause", "people clapping", "an audience claps", "a crowd applauds",
        "a round of applause", "spectators clap their hands", "the audience is applauding",
    ),
    "car_horn": (
        "a car honks", "a car horn", "honking", "a driver blows the horn", "a car horn beeps",
        "an angry driver honking", "a vehicle horn sounds", "a blaring car horn", "a car hoots",
    ),
    "cat_meow": (
        "a cat meows", "meowing", "a cat is meowing", "a kitten cries", "a hungry cat",
        "a house cat calling", "a cat miaows", "a cat's meow",
    ),
    "chainsaw": (
        "a chainsaw revs", "a chainsaw", "a chain saw cutting wood", "a motor saw",
        "someone fells a tree by chainsaw", "a buzzing chainsaw", "a chainsaw is running",
        "a petrol saw at work",
    ),
    "chirping_birds": (
        "birds sing", "birds chirping", "birdsong", "a bird is singing", "birds tweet",
        "songbirds in a garden", "a small bird chirps", "twittering birds", "bird calls",
    ),
    "church_bells": (
        "church bells ring", "a church bell", "bells tolling", "the bells of a church",
        "a bell tower rings", "a big bell strikes", "bells pealing", "a cathedral bell rings",
    ),
    "clock_alarm": (
        "an alarm clock beeps", "an alarm clock", "a beeping alarm", "a digital alarm goes off",
        "electronic beeps", "an alarm is beeping", "the morning alarm", "a bedside alarm rings",
    ),
    "clock_tick": (
        "a clock ticks", "a ticking clock", "the ticking of a clock", "tick tock",
        "a wall clock ticking", "a watch is ticking", "a clock's steady tick", "clockwork ticks",
    ),
    "cow_moo": (
        "a cow moos", "mooing", "a cow is mooing", "cattle lowing", "a cow on a farm",
        "a cow calls", "a bellowing cow", "the moo of a cow",
    ),
    "crickets": (
        "crickets chirp", "crickets", "crickets at night", "chirping crickets",
        "a cricket is chirping", "the song of crickets", "insects chirping in the grass",
        "crickets on a summer night",
    ),
    "crow_caw": (
        "a crow caws", "cawing", "a crow is calling", "crows cawing", "a raven croaks",
        "a crow's harsh call", "a black bird cawing", "a cawing crow",
    ),
    "dog_bark": (
        "a dog barks", "barking", "a dog is barking", "a barking dog", "a hound barks", "dog barks",
        "a dog barks at someone", "a guard dog barking",
    ),
    "door_creak": (
        "a door creaks", "a creaking door", "a squeaky door opens", "a squeaking hinge",
        "an old door creaks open", "a rusty hinge", "a wooden door squeaks", "creaking wood",
    ),
    "door_knock": (
        "someone knocks on the door", "a knock at the door", "knocking on wood",
        "knocks on a wooden door", "a visitor knocks", "knocking", "a person knocks",
        "knuckles rap on a door",
    ),
    "engine": (
        "an engine runs", "an engine idling", "a motor running", "a car engine", "a truck's engine",
        "an idling motor", "the engine of a vehicle", "a rumbling engine",
    ),
    "fire": (
        "a fire crackles", "a crackling fire", "a campfire", "burning wood crackles", "a fireplace",
        "flames crackle", "logs burning", "a bonfire burns",
    ),
    "fireworks": (
        "fireworks explode", "fireworks", "fireworks go off", "rockets burst in the sky",
        "firecrackers bang", "a fireworks display", "exploding fireworks", "new year's rockets",
    ),
    "fly_buzz": (
        "a fly buzzes", "a buzzing fly", "an insect buzzing", "a bee buzzes",
        "a fly is flying around", "a bee flies by", "a housefly", "the buzz of an insect",
    ),
    "footsteps": (
        "someone walks", "footsteps", "a person walking", "steps on the floor", "somebody walks by",
        "footsteps approaching", "walking in shoes", "the sound of someone's steps",
    ),
    "frog": (
        "a frog croaks", "frogs croaking", "a croaking frog", "a frog in a pond", "a toad croaks",
        "frogs at a pond", "ribbit", "the croak of a frog",
    ),
    "glass_breaking": (
        "glass breaks", "breaking glass", "a window shatters", "glass shattering",
        "a bottle smashes", "a pane of glass bursts", "a glass falls to pieces", "shattered glass",
    ),
    "hand_saw": (
        "someone saws wood", "a hand saw", "sawing", "sawing a plank by hand",
        "a saw cuts through wood", "a carpenter sawing", "a person is sawing", "strokes of a saw",
    ),
    "helicopter": (
        "a helicopter flies over", "a helicopter", "a chopper passes", "helicopter blades",
        "a hovering helicopter", "rotor blades thumping", "a helicopter flying by",
        "a helicopter in the air",
    ),
    "keyboard_typing": (
        "someone types on a keyboard", "typing", "keyboard typing", "keys of a keyboard",
        "a person typing on a computer", "fast typing", "a computer keyboard clatters",
        "fingers on a keyboard",
    ),
    "mouse_click": (
        "a mouse clicks", "mouse clicks", "clicking a computer mouse", "someone clicks a mouse",
        "a mouse button clicks", "a computer mouse", "a click of the mouse", "double clicks",
    ),
    "music_box": (
        "a music box plays", "a music box", "a tune on a music box", "a tinkling melody",
        "a wind-up music box", "a small melody of metal tines", "a delicate chiming tune",
        "a toy music box",
    ),
    "owl_hoot": (
        "an owl hoots", "an owl", "hooting", "an owl calls at night", "a hooting owl",
        "an owl is hooting", "the hoot of an owl", "a tawny owl calling",
    ),
    "pouring_water": (
        "water is poured", "pouring water", "pouring water into a glass", "someone pours a drink",
        "water fills a glass", "filling a jug", "a drink being poured", "liquid pours into a cup",
    ),
    "rain": (
        "rain falls", "it is raining", "rain patters down", "a steady rain", "a rain shower",
        "raindrops on a roof", "heavy rain", "the sound of rainfall", "rain outside", "a downpour",
    ),
    "sea_waves": (
        "waves break on the shore", "sea waves", "ocean waves", "the sea",
        "waves roll onto a beach", "surf on a beach", "waves crashing", "the surf of the ocean",
    ),
    "siren": (
        "a siren wails", "a siren", "an ambulance siren", "a police siren", "a fire engine's siren",
        "a wailing siren", "an emergency vehicle passes", "a police car's siren sounds",
    ),
    "telephone_ring": (
        "a telephone rings", "a phone is ringing", "an old telephone", "a ringing telephone",
        "a landline phone rings", "the phone rings", "an old phone's bell", "a telephone bell",
    ),
    "thunder": (
        "thunder rumbles", "thunder", "a thunderclap", "a clap of thunder", "rolling thunder",
        "a thunderstorm", "thunder in the distance", "it is thundering",
    ),
    "toilet_flush": (
        "a toilet flushes", "flushing a toilet", "a toilet is flushed", "a flushing toilet",
        "someone flushes the toilet", "water rushing in a toilet", "a lavatory flushes",
        "the toilet being flushed",
    ),
    "train": (
        "a train passes", "a train on the rails", "a train rattles by", "a moving train",
        "train wheels on a track", "a train clatters along the line", "a railway train",
        "a freight train",
    ),
    "vacuum_cleaner": (
        "someone vacuums", "a vacuum cleaner", "vacuuming", "a vacuum cleaner is running",
        "a hoover", "a vacuum cleaner hums", "cleaning the carpet by vacuum",
        "a whining vacuum cleaner",
    ),
    "washing_machine": (
        "a washing machine runs", "a washing machine", "laundry turning in a machine",
        "a washer at work", "a laundry machine", "a washing machine spins",
        "clothes tumbling in the washer", "a washing machine's drum turns",
    ),
    "water_drops": (
        "water drips", "dripping water", "water drops", "drops fall into water", "a dripping tap",
        "drips in a cave", "a leaking faucet", "water dripping slowly",
    ),
    "wind": (
        "wind blows", "the wind howls", "gusts of wind", "a strong wind", "howling wind",
        "a windy day", "a gale", "wind blowing hard",
    ),
})
# fmt: on
"""Kind -> at least eight phrases."""
