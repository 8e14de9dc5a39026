// Voices, in this page alone: recording and playing back, the browser's own writing down where that is local or agreed to, and reading
// replies aloud with a voice that this device has.
import {frames, speech} from "./practice-sound.js";

const AGREED = "amends-practice-agreed";
const LANGUAGE = navigator.language?.startsWith("en") ? navigator.language : "en-US";
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

/** Whether this browser can record at all. */
export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder && globalThis.AudioContext);

/** How this browser could write down what is said: "local" on this device, "maker" by asking its maker, or "none". */
export async function writesDown() {
  if (!Recognition) return "none";
  try {
    const found = await Recognition.available?.({langs: [LANGUAGE], processLocally: true});
    if (found === "available") return "local";
  } catch {
    // an old browser knows no difference: then it is not local
  }
  return "maker";
}

export const hasAgreed = () => sessionStorage.getItem(AGREED) === "yes";
export const agree = (does) => sessionStorage.setItem(AGREED, does ? "yes" : "no");

/** One recording at a time. Nothing of it is kept beyond this page. */
export class Recording {
  #recorder = null;
  #stream = null;
  #recognition = null;
  #parts = [];
  #heard = "";
  url = "";
  runs = [];

  get going() {
    return this.#recorder?.state === "recording";
  }

  get done() {
    return this.runs.length > 0;
  }

  /** Begins; `write` is whether the browser writes down what it hears. Raises what the browser says when it has no microphone for us. */
  async start(write, local) {
    this.drop();
    this.#stream = await navigator.mediaDevices.getUserMedia({audio: true});
    this.#recorder = new MediaRecorder(this.#stream);
    this.#recorder.addEventListener("dataavailable", (event) => this.#parts.push(event.data));
    this.#recorder.start();
    if (write) this.#listen(local);
  }

  /** Ends, and gives what was written down, "" where nothing was. */
  async stop() {
    const ended = new Promise((done) => this.#recorder.addEventListener("stop", done, {once: true}));
    const heard = this.#recognition ? new Promise((done) => this.#recognition.addEventListener("end", done, {once: true})) : null;
    this.#recorder.stop();
    this.#recognition?.stop();
    await ended;
    for (const track of this.#stream.getTracks()) track.stop();
    const sound = new Blob(this.#parts, {type: this.#recorder.mimeType});
    this.url = URL.createObjectURL(sound);
    await this.#measure(sound);
    if (heard) await Promise.race([heard, new Promise((done) => setTimeout(done, 1500))]);
    return this.#heard.trim();
  }

  drop() {
    if (this.going) this.#recorder.stop();
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#recognition?.abort();
    if (this.url) URL.revokeObjectURL(this.url);
    this.#recognition = null;
    this.#parts = [];
    this.#heard = "";
    this.url = "";
    this.runs = [];
  }

  async #measure(sound) {
    const context = new AudioContext();
    try {
      const decoded = await context.decodeAudioData(await sound.arrayBuffer());
      this.runs = speech(frames(decoded.getChannelData(0), decoded.sampleRate));
    } finally {
      context.close();
    }
  }

  #listen(local) {
    this.#recognition = new Recognition();
    this.#recognition.lang = LANGUAGE;
    this.#recognition.continuous = true;
    if (local) this.#recognition.processLocally = true;
    this.#recognition.addEventListener("result", (event) => {
      this.#heard = [...event.results].map((one) => one[0].transcript).join(" ");
    });
    this.#recognition.addEventListener("error", () => {}); // then it is typed
    this.#recognition.start();
  }
}

/** A voice that this device has itself; others would send the reply elsewhere. */
function ownVoice() {
  return globalThis.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.startsWith("en"));
}

/** Calls `found` once there is a voice to read with. */
export function whenVoiced(found) {
  if (!globalThis.speechSynthesis) return;
  if (ownVoice()) found();
  else speechSynthesis.addEventListener("voiceschanged", () => ownVoice() && found(), {once: true});
}

export function readAloud(words) {
  const voice = ownVoice();
  if (!voice) return;
  const said = new SpeechSynthesisUtterance(words);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

export const hush = () => globalThis.speechSynthesis?.cancel();
