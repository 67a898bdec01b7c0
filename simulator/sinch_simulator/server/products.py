"""The products that a server offers, each known by its page alone. A new product is a line here."""

from sinch_simulator.core.product import Product
from sinch_simulator.products.voice.product import VOICE

PRODUCTS: tuple[Product, ...] = (VOICE,)
