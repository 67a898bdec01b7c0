"""The products that a server offers, each known by its page alone. A new product is a line here.

A product that orders something outside beside callbacks (files, sockets) has a line in ``OUTSIDE`` too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sinch_simulator.core.product import Product
from sinch_simulator.products.number_administration.product import NUMBER_ADMINISTRATION
from sinch_simulator.products.numbers.product import NUMBERS
from sinch_simulator.products.sms.product import CLASSIC_SMS, XMS
from sinch_simulator.products.verification.product import VERIFICATION
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.v2.product import VOICE_V2
from sinch_simulator.server.oauth2.product import OAUTH2
from sinch_simulator.server.outside import Outside, Surroundings

PRODUCTS: tuple[Product, ...] = (
    VOICE,
    VERIFICATION,
    XMS,
    CLASSIC_SMS,
    NUMBERS,
    NUMBER_ADMINISTRATION,
    VOICE_V2,
    OAUTH2,
)


def _outside_of_voice(surroundings: Surroundings, machine: Any) -> Outside:
    from sinch_simulator.server.voice_io.outside import VoiceOutside

    return VoiceOutside(surroundings, machine)


def _outside_of_voice_v2(surroundings: Surroundings, machine: Any) -> Outside:
    from sinch_simulator.server.voice_v2_io.outside import VoiceV2Outside

    return VoiceV2Outside(surroundings, machine)


OUTSIDE: Mapping[str, Callable[[Surroundings, Any], Outside]] = {
    VOICE.name: _outside_of_voice,
    VOICE_V2.name: _outside_of_voice_v2,
}
"""By product, what carries out its orders; made, and loaded, together with the product's machine."""
