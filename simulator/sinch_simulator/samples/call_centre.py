"""A webhook to read and to copy: a call centre that parks its callers until an agent has picked up.

An agent is called into a conference room of the caller's own; once the agent answers, the caller leaves the parking
place for that room, and the conversation is recorded. Agents who do not answer go to the end of the list.

Run it by itself with ``python -m sinch_simulator.samples.call_centre``; SINCH_SIMULATOR_URL says where the API is.
"""

from aiohttp import web
from attrs import define, field

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, hang_up, say, serve

AGENTS = ("+14045550120", "+14045550121")
NUMBER = "+14045550100"


@define
class Caller:
    """Somebody who waits or talks. ``agent_call`` is the call to the agent who is for them."""

    call_id: str
    agent_call: str | None = None
    talking: bool = False
    tried: int = 0

    @property
    def room(self) -> str:
        """The conference in which they meet an agent."""
        return f"room-{self.call_id}"


@define
class CallCentre:
    """Answers the platform's events. It remembers the callers, in the order in which they came, and who is free."""

    platform: Platform
    free_agents: list[str] = field(factory=lambda: list(AGENTS))
    callers: dict[str, Caller] = field(factory=dict)
    agents: dict[str, tuple[str, str]] = field(factory=dict)
    """The agent's number and the caller's call, by the call to the agent."""

    async def answer(self, event: Event) -> Svaml:
        """Gives the SVAML that answers an event; DiCE and Notify want none."""
        match event["event"]:
            case "ice":
                return await self.welcome(event["callid"])
            case "ace":
                return await self.agent_answered(event["callid"])
            case "dice":
                await self.somebody_left(event)
        return {}

    async def welcome(self, call_id: str) -> Svaml:
        """Looks for an agent for a new caller, and lets the caller wait."""
        self.callers[call_id] = Caller(call_id)
        await self.look_for_agents()
        return {
            "instructions": [{"name": "answer"}, say("Welcome to the call centre.")],
            "action": {
                "name": "park",
                "introPrompt": "#tts[Please hold the line.]",
                "holdPrompt": "#tts[All our agents are busy. You are in the queue.]",
                "maxDuration": 300,
            },
        }

    async def look_for_agents(self) -> None:
        """Calls an agent for each caller who has none, as long as there are agents."""
        for caller in list(self.callers.values()):
            if caller.agent_call is None and self.free_agents:
                await self.call_an_agent(caller)

    async def call_an_agent(self, caller: Caller) -> None:
        """Calls the agent who has been free for longest into the caller's room."""
        agent = self.free_agents.pop(0)
        callout = {
            "cli": NUMBER,
            "destination": {"type": "number", "endpoint": agent},
            "conferenceId": caller.room,
            "enableAce": True,
            "enableDice": True,
        }
        call_id = await self.platform.call_out("conferenceCallout", callout)
        if call_id is None:
            self.free_agents.append(agent)
            return
        caller.agent_call = call_id
        caller.tried += 1
        self.agents[call_id] = (agent, caller.call_id)

    async def agent_answered(self, agent_call: str) -> Svaml:
        """Brings the caller and the agent together."""
        caller = self.callers.get(self.agents[agent_call][1])
        if caller is None:
            return hang_up(say("The caller has left."))
        connect = {"name": "connectConf", "conferenceId": caller.room}
        recording = {"name": "startRecording", "options": {"destinationUrl": "sdrive://", "notificationEvents": True}}
        here = {"instructions": [say("Here is your agent."), recording], "action": connect}
        caller.talking = await self.platform.update(caller.call_id, here)
        return {"instructions": [say("A caller for you.")], "action": connect}

    async def somebody_left(self, event: Event) -> None:
        """Lets go of whoever is left alone; the agent is free for the next caller."""
        call_id = event["callid"]
        if call_id in self.callers:
            await self.caller_left(self.callers.pop(call_id))
        if call_id in self.agents:
            agent, caller_call = self.agents.pop(call_id)
            self.free_agents.append(agent)
            caller = self.callers.get(caller_call)
            if caller is not None:
                await self.agent_left(caller)
            await self.look_for_agents()

    async def caller_left(self, caller: Caller) -> None:
        """Lets the agent go, whether they talk or the agent's phone still rings."""
        if caller.agent_call is not None:
            await self.let_go(caller, caller.agent_call)

    async def agent_left(self, caller: Caller) -> None:
        """Ends a conversation, or looks for another agent when this one did not pick up."""
        if caller.talking:
            await self.let_go(caller, caller.call_id)
            return
        caller.agent_call = None
        if caller.tried >= len(AGENTS):
            del self.callers[caller.call_id]
            await self.platform.update(caller.call_id, hang_up(say("Nobody can take your call today. Goodbye.")))

    async def let_go(self, caller: Caller, call_id: str) -> None:
        """Ends the call of whoever is left: closes the room, or hangs up on somebody who is only on the way there."""
        if not caller.talking or await self.platform.request("DELETE", f"/conferences/id/{caller.room}") is None:
            await self.platform.update(call_id, hang_up())


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    return application(platform, CallCentre(platform).answer)


if __name__ == "__main__":
    serve(webhook)
