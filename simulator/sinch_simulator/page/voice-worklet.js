// Between the microphone, the loudspeaker and the stream of a call: turns sound of the one rate into frames of the other.

const FRAME_S = 0.02; // of the frames that go out
const HELD_S = 0.06; // is kept before the first sound is let out, against unevenness
const MOST_HELD_S = 0.25; // what piles up beyond this is left out

class Voice extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate } }) {
    super();
    this.rate = rate;
    this.ratio = rate / sampleRate;
    this.frame = new Int16Array(Math.round(rate * FRAME_S));
    this.filled = 0;
    this.sum = 0;
    this.count = 0;
    this.phase = 0;
    this.heard = []; // frames that are still to be let out
    this.held = 0; // samples in them
    this.at = 0; // how far the first one has been let out
    this.flows = false;
    this.port.onmessage = ({ data }) => this.take(new Int16Array(data));
  }

  take(frame) {
    this.heard.push(frame);
    this.held += frame.length;
    while (this.held - this.at > MOST_HELD_S * this.rate && this.heard.length > 1) this.drop();
    if (this.held - this.at >= HELD_S * this.rate) this.flows = true;
  }

  drop() {
    const { length } = this.heard.shift();
    this.held -= length;
    this.at = Math.max(0, this.at - length);
  }

  process([[said]], [[out]]) {
    if (said) for (const sample of said) this.say(sample);
    for (let index = 0; index < out.length; index++) out[index] = this.flows ? this.next() : 0;
    return true;
  }

  // Samples between two of the lower rate are averaged.
  say(sample) {
    this.sum += sample;
    this.count++;
    this.phase += this.ratio;
    while (this.phase >= 1) {
      this.phase--;
      const mean = this.count ? this.sum / this.count : sample;
      this.sum = this.count = 0;
      this.frame[this.filled++] = Math.max(-1, Math.min(1, mean)) * 32767;
      if (this.filled < this.frame.length) continue;
      this.port.postMessage(this.frame.slice());
      this.filled = 0;
    }
  }

  next() {
    while (this.heard.length && this.at >= this.heard[0].length) this.drop();
    if (!this.heard.length) {
      this.flows = false;
      return 0;
    }
    const [first, second] = this.heard;
    const index = Math.floor(this.at);
    const here = first[index];
    const after = index + 1 < first.length ? first[index + 1] : (second?.[0] ?? here);
    const sample = here + (after - here) * (this.at - index);
    this.at += this.ratio;
    return sample / 32768;
  }
}

registerProcessor("voice", Voice);
