// The widget's side of the server's API (channels/web/openapi.yml).
import { keep, kept } from "./storage.js";
import { heldElsewhere, hold } from "./tabs.js";
import { say } from "./words.js";

const WAITS = [300, 700, 1500, 3000, 5000, 5000, 5000, 5000];
const PASSING = new Set(["unreachable", "unanswered", "too_many"]);

/** A request that the server refused, or that never reached it (`code` "unreachable"). */
export class RequestError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * One patient's conversation with the server. It survives a reload of the page, in this tab only, with the messages
 * that were not answered yet (`unsent`: `{id, text, label}`). Once left, nothing of it is sent or kept any more.
 */
export class Conversation extends EventTarget {
  #server;
  #token;
  #left = new AbortController();
  #turn = Promise.resolve();

  constructor(server) {
    super();
    this.#server = server;
    const { token, unsent } = kept();
    this.#token = token;
    this.unsent = unsent;
  }

  get left() {
    return this.#left.signal.aborted;
  }

  /**
   * Everything said so far: `{turns, case}`; null if nothing was, `{ended: true}` if the session is over, and
   * `{elsewhere: true}` if another tab holds it.
   */
  async history() {
    if (!this.#token) return null;
    try {
      const told = this.#patiently(() => this.#request("GET", "history"));
      told.catch(() => {}); // heard below, or not at all
      if (await heldElsewhere(this.#token)) {
        this.#token = null;
        this.unsent = [];
        this.#keep();
        return { elsewhere: true };
      }
      return await told;
    } catch (error) {
      if (error.code !== "no_session") throw error;
      this.#token = null;
      this.#keep();
      return { ended: true };
    }
  }

  /** Send a message after those before it; returns its `{turn, case}`. Tries again while the server is away. */
  send(message) {
    if (!this.unsent.some(({ id }) => id === message.id)) this.unsent.push(message);
    this.#keep();
    const sent = this.#turn.then(() => this.#deliver(message));
    this.#turn = sent.catch(() => {});
    return sent;
  }

  /** Leave this conversation: whatever is under way is given up, and nothing of it is kept. */
  leave() {
    this.#left.abort();
    keep(null);
  }

  async #deliver(message) {
    try {
      const answered = await this.#patiently(async () => {
        if (!this.#token) await this.#open();
        return this.#request("POST", "messages", { id: message.id, text: message.text });
      });
      this.#done(message);
      return answered;
    } catch (error) {
      if (!PASSING.has(error.code) && error.code !== "failed") this.#done(message);
      throw error;
    }
  }

  async #open() {
    this.#token = (await this.#request("POST", "sessions")).token;
    hold(this.#token);
    this.#keep();
  }

  #done(message) {
    this.unsent = this.unsent.filter(({ id }) => id !== message.id);
    this.#keep();
  }

  #keep() {
    if (!this.left) keep({ token: this.#token, unsent: this.unsent });
  }

  async #patiently(request) {
    for (let tried = 0; ; tried += 1) {
      try {
        const answered = await request();
        this.#tell("");
        return answered;
      } catch (error) {
        if (!PASSING.has(error.code) || tried >= WAITS.length) throw error;
        this.#tell(error.code === "unreachable" ? say("no_connection") : error.message);
        await new Promise((resolve) => setTimeout(resolve, error.wait ?? WAITS[tried]));
      }
    }
  }

  async #request(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const { signal } = this.#left;
    let response;
    try {
      response = await fetch(new URL(path, this.#server), { method, headers, signal, body: body && JSON.stringify(body) });
    } catch {
      if (this.left) throw new RequestError("left", say("left"));
      throw new RequestError("unreachable", say("unreachable"));
    }
    const content = await response.json().catch(() => ({}));
    if (this.left) throw new RequestError("left", say("left"));
    if (response.ok) return content;
    const { code = "failed", retry_after: retryAfter, message = say("status", { status: response.status }) } = content.error ?? {};
    const error = new RequestError(response.status >= 502 && !content.error ? "unreachable" : code, message);
    error.wait = 1000 * retryAfter || undefined;
    throw error;
  }

  #tell(problem) {
    this.dispatchEvent(new CustomEvent("connection", { detail: { problem } }));
  }
}
