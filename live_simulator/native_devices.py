"""Live's own devices, as far as they are known here: a handful, with parameters of our own modelling.

Names of devices are Live's; parameters are few, and their ranges and defaults plausible. None of them is heard.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from live_simulator.curves import db_text, pan_text
from live_simulator.nodes.device_chain import AUDIO_EFFECT, INSTRUMENT, MIDI_EFFECT

EQ_SHAPES = ("Low Cut", "Low Shelf", "Bell", "Notch", "High Shelf", "High Cut")


class Specification(NamedTuple):
    """Of a parameter. One with `items` is a switch whose values are their places."""

    name: str
    least: float
    most: float
    default: float
    text: Callable[[float], str]
    items: tuple[str, ...] = ()


class NativeDevice(NamedTuple):
    """`form`: 'device', 'rack' (it holds chains) or 'simpler'; `parameters`: those behind 'Device On'."""

    name: str
    class_name: str
    kind: int
    parameters: tuple[Specification, ...] = ()
    form: str = "device"


def _percent(name: str, default: float = 0.5, most: float = 1.0) -> Specification:
    return Specification(name, 0.0, most, default, lambda value: f"{value * 100.0:.0f} %")


def _db(name: str, least: float, most: float, default: float = 0.0) -> Specification:
    return Specification(name, least, most, default, db_text)


def _hz(name: str, default: float, least: float = 20.0, most: float = 20000.0) -> Specification:
    return Specification(name, least, most, default, _hz_text)


def _hz_text(value: float) -> str:
    return f"{value / 1000.0:.2f} kHz" if value >= 1000.0 else f"{value:.0f} Hz"


def _ms(name: str, least: float, most: float, default: float) -> Specification:
    return Specification(name, least, most, default, lambda value: f"{value:.0f} ms")


def _number(name: str, least: float, most: float, default: float, unit: str = "") -> Specification:
    return Specification(name, least, most, default, lambda value: f"{value:.2f}{unit}")


def _switch(name: str, *items: str, default: int = 0) -> Specification:
    texts = items or ("Off", "On")
    return Specification(
        name, 0.0, float(len(texts) - 1), float(default), lambda value: texts[round(value)], tuple(texts)
    )


def _eq_band(number: int, is_on: bool, hz: float) -> tuple[Specification, ...]:
    return (
        _switch(f"{number} Filter On A", default=int(is_on)),
        _switch(
            f"{number} Filter Type A", "Low Cut", "Low Shelf", "Bell", "Notch", "High Shelf", "High Cut", default=2
        ),
        _hz(f"{number} Frequency A", hz, least=10.0, most=22000.0),
        _db(f"{number} Gain A", -15.0, 15.0),
        _number(f"{number} Resonance A", 0.1, 18.0, 0.71),
    )


def _oscillator(letter: str) -> tuple[Specification, ...]:
    return (
        _switch(f"Osc-{letter} On", default=int(letter == "A")),
        _number(f"{letter} Coarse", 0.0, 48.0, 1.0),
        _number(f"{letter} Fine", 0.0, 1000.0, 0.0),
        _percent(f"Osc-{letter} Level", 1.0 if letter == "A" else 0.0),
    )


NATIVE_DEVICES = (
    NativeDevice(
        "Utility",
        "StereoGain",
        AUDIO_EFFECT,
        (
            _switch("Left Inv"),
            _switch("Right Inv"),
            _switch("Channel Mode", "Left", "Stereo", "Right", "Swap", default=1),
            _percent("Stereo Width", 1.0, most=4.0),
            _switch("Mono"),
            _db("Gain", -35.0, 35.0),
            Specification("Balance", -1.0, 1.0, 0.0, pan_text),
            _switch("Mute"),
            _switch("DC Filter"),
        ),
    ),
    NativeDevice(
        "EQ Eight",
        "Eq8",
        AUDIO_EFFECT,
        (
            *(
                specification
                for number in range(1, 9)
                for specification in _eq_band(number, number <= 4, 30.0 * 2.5 ** (number - 1))
            ),
            _db("Output Gain", -12.0, 12.0),
            _percent("Scale", 1.0, most=2.0),
        ),
    ),
    NativeDevice(
        "Reverb",
        "Reverb",
        AUDIO_EFFECT,
        (
            _ms("Predelay", 0.5, 250.0, 2.5),
            _hz("In Filter Freq", 830.0, least=50.0, most=18000.0),
            _number("Room Size", 0.22, 500.0, 100.0),
            _percent("Stereo Image", 0.8),
            _ms("Decay Time", 200.0, 60000.0, 1200.0),
            _switch("Freeze On"),
            _percent("Diffusion", 0.6),
            _db("Reflect Level", -30.0, 6.0),
            _db("Diffuse Level", -30.0, 6.0),
            _percent("Dry/Wet", 0.55),
        ),
    ),
    NativeDevice(
        "Delay",
        "Delay",
        AUDIO_EFFECT,
        (
            _switch("Link"),
            _switch("L Sync", default=1),
            _ms("L Time", 1.0, 5000.0, 250.0),
            _switch("R Sync", default=1),
            _ms("R Time", 1.0, 5000.0, 250.0),
            _percent("Feedback", 0.5),
            _switch("Freeze"),
            _switch("Filter On", default=1),
            _hz("Filter Freq", 1000.0, least=50.0, most=18000.0),
            _percent("Dry/Wet", 0.5),
        ),
    ),
    NativeDevice(
        "Auto Filter",
        "AutoFilter",
        AUDIO_EFFECT,
        (
            _switch("Filter Type", "Lowpass", "Highpass", "Bandpass", "Notch", "Morph"),
            _hz("Frequency", 1000.0),
            _percent("Resonance", 0.0, most=1.25),
            _percent("LFO Amount", 0.0),
            _hz("LFO Frequency", 1.0, least=0.01, most=10.0),
            _percent("Dry/Wet", 1.0),
        ),
    ),
    NativeDevice(
        "Compressor",
        "Compressor2",
        AUDIO_EFFECT,
        (
            _db("Threshold", -70.0, 6.0, 0.0),
            _number("Ratio", 1.0, 100.0, 4.0, " : 1"),
            _ms("Attack", 0.01, 1000.0, 1.0),
            _ms("Release", 1.0, 3000.0, 30.0),
            _db("Output Gain", -36.0, 36.0),
            _switch("Makeup"),
            _percent("Dry/Wet", 1.0),
        ),
    ),
    NativeDevice(
        "Operator",
        "Operator",
        INSTRUMENT,
        (
            _switch("Algorithm", *(f"Alg. {number}" for number in range(1, 12))),
            *(specification for letter in "ABCD" for specification in _oscillator(letter)),
            _switch("Filter On"),
            _hz("Filter Freq", 10000.0, least=30.0, most=22000.0),
            _percent("Filter Res", 0.0, most=1.25),
            _percent("Tone", 0.7),
            _db("Volume", -36.0, 6.0, -12.0),
        ),
    ),
    NativeDevice(
        "Simpler",
        "OriginalSimpler",
        INSTRUMENT,
        (
            _percent("S Start", 0.0),
            _percent("S Length", 1.0),
            _switch("F On"),
            _hz("Filter Freq", 22000.0, least=30.0, most=22000.0),
            _percent("Filter Res", 0.0, most=1.25),
            _ms("Ve Attack", 0.1, 20000.0, 0.1),
            _ms("Ve Release", 1.0, 60000.0, 50.0),
            _db("Volume", -36.0, 36.0, -12.0),
        ),
        form="simpler",
    ),
    NativeDevice(
        "Arpeggiator",
        "MidiArpeggiator",
        MIDI_EFFECT,
        (
            _switch("Style", "Up", "Down", "UpDown", "DownUp", "Converge", "Diverge", "Random"),
            _percent("Gate", 0.5, most=2.0),
            _number("Distance", -24.0, 24.0, 12.0, " st"),
            _switch("Hold On"),
        ),
    ),
    NativeDevice("Instrument Rack", "InstrumentGroupDevice", INSTRUMENT, form="rack"),
    NativeDevice("Audio Effect Rack", "AudioEffectGroupDevice", AUDIO_EFFECT, form="rack"),
    NativeDevice("MIDI Effect Rack", "MidiEffectGroupDevice", MIDI_EFFECT, form="rack"),
)

BY_NAME = {device.name: device for device in NATIVE_DEVICES}
