// The widget's side of the server's API (channels/web/openapi.yml).

const TOKEN = "vcf-assistant.token";
const UNSENT = "vcf-assistant.unsent";
const WAITS = [300, 700, 1500, 3000, 5000, 5000, 5000, 5000];

/** A request that the server refused, or that never reached it (`code` "unreachable"). */
export class RequestError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** One conversation with the server; it survives a reload of the page, in this tab only. */
export class Connection extends EventTarget {
  constructor(server) {
    super();
    this.server = server;
  }

  /** The message that was on its way when the page was left: `{id, text}`, or null. */
  get unsent() {
    return JSON.parse(sessionStorage.getItem(UNSENT) ?? "null");
  }

  /** Everything said so far: `{turns, case}`; a conversation that has ended begins anew, empty. */
  async history() {
    if (!sessionStorage.getItem(TOKEN)) return null;
    try {
      return await this.#patiently(() => this.#request("GET", "history"));
    } catch (error) {
      if (error.code !== "no_session") throw error;
      this.forget();
      return null;
    }
  }

  /** The consult note of the case, as plain text. */
  async note() {
    return (await this.#request("GET", "note")).text;
  }

  /** Send a message; returns its `{turn, case}`. Tries again with the same id while the server is away. */
  async send(message) {
    sessionStorage.setItem(UNSENT, JSON.stringify(message));
    const answered = await this.#patiently(async () => {
      await this.#open();
      return this.#request("POST", "messages", message);
    });
    sessionStorage.removeItem(UNSENT);
    return answered;
  }

  /** Leave this conversation; the next message opens a new one. */
  forget() {
    sessionStorage.removeItem(TOKEN);
    sessionStorage.removeItem(UNSENT);
  }

  async #open() {
    if (sessionStorage.getItem(TOKEN)) return;
    const { token } = await this.#request("POST", "sessions");
    sessionStorage.setItem(TOKEN, token);
  }

  async #patiently(request) {
    for (let tried = 0; ; tried += 1) {
      try {
        const answered = await request();
        this.#tell(true);
        return answered;
      } catch (error) {
        const passing = ["unreachable", "unanswered", "too_many"].includes(error.code);
        this.#tell(error.code !== "unreachable");
        if (!passing || tried >= WAITS.length) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.wait ?? WAITS[tried]));
      }
    }
  }

  async #request(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    const token = sessionStorage.getItem(TOKEN);
    if (token) headers.Authorization = `Bearer ${token}`;
    let response;
    try {
      response = await fetch(new URL(path, this.server), { method, headers, body: body && JSON.stringify(body) });
    } catch {
      throw new RequestError("unreachable", "The server cannot be reached.");
    }
    const content = await response.json().catch(() => ({}));
    if (response.ok) return content;
    const { code = "failed", message = `The server answered with status ${response.status}.` } = content.error ?? {};
    const error = new RequestError(response.status >= 502 && !content.error ? "unreachable" : code, message);
    error.wait = 1000 * Number(response.headers.get("Retry-After")) || undefined;
    throw error;
  }

  #tell(connected) {
    this.dispatchEvent(new CustomEvent("connection", { detail: { connected } }));
  }
}
