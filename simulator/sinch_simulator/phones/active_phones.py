"""The phones on the legs of calls under way: they are rung, hear what is ordered, and are let go.

What they are going to do stands in the timetable of their world.
"""

from typing import Any

from attrs import field

from sinch_simulator.core.timetable import Timetable
from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.joined_legs import JoinedLegs
from sinch_simulator.phones.phone import Act, Phone, Wake
from sinch_simulator.phones.phonebook import Phonebook
from sinch_simulator.phones.signals import Dial, Invite, LegEvent, LegName, Release


@define(eq=False)
class ActivePhones:
    """``phonebook`` says who is at which address."""

    phonebook: Phonebook
    timetable: Timetable[Any]
    joined: JoinedLegs = field(factory=JoinedLegs)
    dialled: list[Phone] = field(factory=list)
    """Phones that have just dialled in, and begin to act when all that was ordered with that is done."""
    _phones: dict[tuple[str, LegName], Phone] = field(factory=dict)

    def obey(self, order: Any, now: int) -> None:  # a ``LegOrder`` or ``Dial``
        """Lets the phone on a leg, or the call that is joined to it, know of an order."""
        if self.joined.ends:
            for event in self.joined.meaning(order):
                self.timetable.add(event.call_id, event.leg.value, now, event)
        if isinstance(order, Invite):
            self._ring(order, now)
        elif isinstance(order, Release):
            self._phones.pop((order.call_id, order.leg), None)
            self.timetable.cancel_part(order.call_id, order.leg.value)
        else:
            phone = self._phones.get((order.call_id, order.leg))
            if phone is not None:
                self._enter(phone, phone.hear(order, now), now)
            elif isinstance(order, Dial):
                self._put_on_line(order)

    def meet(self, call_id: str, leg: LegName, persona: Persona, now: int) -> list[LegEvent]:
        """Lets a phone that rings meet the call like this persona, in place of all that it was going to do.

        Returns what happens at once.
        """
        self.timetable.cancel_part(call_id, leg.value)
        phone = self._phones[call_id, leg] = Phone(call_id, leg, persona, calls=False)
        at_once: list[LegEvent] = []
        for act in phone.meet(now):
            if act.after_ms == 0 and not isinstance(act.event, Wake):
                at_once.append(act.event)
            else:
                self._enter(phone, [act], now)
        if phone.idle:
            self._phones.pop((call_id, leg), None)
        return at_once

    def wake(self, wake: Wake, now: int) -> None:
        """Wakes a phone that has asked for it, if it is still there."""
        phone = self._phones.get((wake.call_id, wake.leg))
        if phone is not None:
            self._enter(phone, phone.wake(now), now)

    def begin_dialled(self, now: int) -> None:
        """Lets those begin to act who have just dialled in."""
        dialled, self.dialled = self.dialled, []
        for phone in dialled:
            if (phone.call_id, phone.leg) in self._phones:
                self._enter(phone, phone.begin(now), now)

    def finish(self, call_id: str, now: int) -> None:
        """Drops the phones of a call that is over; a call that was joined to it hears of the end."""
        if self.joined.ends:
            for leg in LegName:
                for event in self.joined.leave((call_id, leg)):
                    self.timetable.add(event.call_id, event.leg.value, now, event)
        self.forget(call_id)

    def forget(self, call_id: str) -> None:
        """Drops the phones of a call; nobody hears of it."""
        for leg in LegName:
            self._phones.pop((call_id, leg), None)
            if self.joined.ends:
                self.joined.part((call_id, leg))

    def _ring(self, invite: Invite, now: int) -> None:
        persona = self.phonebook.persona_for(invite.address.endpoint)
        persona = persona.to_flash_calls if invite.flash else persona
        phone = Phone(invite.call_id, invite.leg, persona, calls=False)
        self._enter(phone, phone.hear(invite, now), now)
        if phone.idle:
            self._phones.pop((invite.call_id, invite.leg), None)
        else:
            self._phones[invite.call_id, invite.leg] = phone

    def _put_on_line(self, dial: Dial) -> None:
        persona = dial.persona if isinstance(dial.persona, Persona) else self.phonebook.persona_for(dial.endpoint)
        phone = self._phones[dial.call_id, dial.leg] = Phone(dial.call_id, dial.leg, persona, calls=True)
        self.dialled.append(phone)

    def _enter(self, phone: Phone, acts: list[Act], now: int) -> None:
        for act in acts:
            self.timetable.add(phone.call_id, phone.leg.value, now + act.after_ms, act.event)
