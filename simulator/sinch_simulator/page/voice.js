// A phone with a voice: on a call that the app has put on a stream, the microphone is what the caller says.

import { signal } from "./vendor/preact.js";
import { ask, attempt, notice, quoted } from "./control.js";
import { clock } from "./state.js";

export const voice = signal(null); // null, or the id of the call that is talked on
export const levels = signal({ said: 0, heard: 0 }); // from 0 to 1

let close = () => {};

export async function startVoice(callId) {
  close();
  if (clock.peek()?.mode !== "realtime" || clock.peek().speed !== 1) {
    notice("A voice needs the real-time clock.", "Choose Real time, above.", "warn");
    return;
  }
  const stream = await attempt(() => ask("GET", `/calls/${quoted(callId)}/stream?frames=0`));
  if (stream === undefined) return;
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    notice("The browser does not let this page use the microphone.", "Allow it beside the address, and try again.", "bad");
    return;
  }
  await connect(callId, stream.sampleRate, microphone);
}

export const stopVoice = () => close();

async function connect(callId, rate, microphone) {
  const context = new AudioContext();
  await context.audioWorklet.addModule("/_simulator/page/voice-worklet.js");
  const node = new AudioWorkletNode(context, "voice", { outputChannelCount: [1], processorOptions: { rate } });
  context.createMediaStreamSource(microphone).connect(node).connect(context.destination);
  const address = `${location.origin.replace(/^http/, "ws")}/_simulator/calls/${quoted(callId)}/audio`;
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  node.port.onmessage = ({ data }) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data.buffer);
    tell("said", data);
  };
  socket.onmessage = ({ data }) => {
    tell("heard", new Int16Array(data));
    node.port.postMessage(data, [data]);
  };
  socket.onclose = ({ reason }) => {
    const mine = voice.peek() === callId;
    close();
    if (mine) notice(reason ? `The voice has ended: ${reason}` : "The voice has ended.", "", "warn");
  };
  voice.value = callId;
  close = () => {
    close = () => {};
    voice.value = null;
    levels.value = { said: 0, heard: 0 };
    for (const track of microphone.getTracks()) track.stop();
    socket.close();
    context.close();
  };
}

// Shows how loud somebody is: the loudest of some frames, on a scale as ears have it.
function tell(who, frame) {
  let loudest = 0;
  for (const sample of frame) loudest = Math.max(loudest, Math.abs(sample));
  const level = loudest < 33 ? 0 : Math.min(1, 1 + Math.log10(loudest / 32768) / 3);
  const before = levels.peek()[who];
  if (Math.abs(level - before) > 0.05) levels.value = { ...levels.peek(), [who]: Math.max(level, before - 0.2) };
}
