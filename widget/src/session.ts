// One conversation on this device: connects, receives, sends in order, retries. Knows no DOM.
import { Api, Refused, type Content, type Conversation, type Message, type NewMessage } from "./api.js";
import { Memory } from "./memory.js";
import { readEvents } from "./stream.js";
import { Uploads } from "./uploads.js";

export type Status = "idle" | "connecting" | "online" | "offline" | "unreachable" | "expired";

/** A bubble: numbered by the server, or still on its way there. */
export interface Bubble {
  key: string;
  seq: number | null;
  author: Message["author"];
  at: Date;
  content: Content;
  state: "sending" | "sent" | "failed";
  problem?: string;
  /** Arrived while the patient was here (not from history): to be announced. */
  fresh: boolean;
}

export type TokenProvider = () => Promise<string | null>;

interface Outbound {
  message: NewMessage;
  bubble: Bubble;
}

const STALL_MS = 45_000;
const QUICK_RETRIES_MS = [700, 2500];
const LONGEST_PAUSE_MS = 15_000;
/** The page gives no token any more, and the conversation is a logged-in patient's. */
const LOGGED_OUT = "logged_out";

export class Session extends EventTarget {
  status: Status = "idle";
  typing = false;
  bubbles: Bubble[] = [];
  conversation: Conversation | null = null;

  readonly uploads: Uploads;
  private readonly api: Api;
  private readonly memory: Memory;
  private token: string | null = null;
  /** The logged-in patient's conversation: after the log-in is over only the same patient comes back to it. */
  private account: string | null = null;
  private cursor = 0;
  private queue: Outbound[] = [];
  private sending = false;
  private failures = 0;
  private loaded = false;
  private life: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(
    base: string,
    private provider: TokenProvider | null,
  ) {
    super();
    this.memory = new Memory(base);
    this.api = new Api(base, () => this.token);
    this.uploads = new Uploads(this.api, () => this.conversation?.conversation ?? null);
    this.uploads.addEventListener("change", () => this.change(() => undefined));
  }

  get remembered(): Memory {
    return this.memory;
  }

  get unread(): number {
    const { read } = this.memory.current;
    return this.bubbles.filter((bubble) => bubble.author !== "patient" && (bubble.seq ?? 0) > read).length;
  }

  /** A person has answered, and the assistant has not spoken since. */
  get withPerson(): boolean {
    return this.bubbles.findLast((bubble) => bubble.author !== "patient")?.author === "agent";
  }

  /** Everything shown so far has been seen; the patient's other devices are told. */
  markRead(): void {
    if (!this.seen(this.cursor) || !this.conversation) return;
    // Lost: the next message says it again.
    this.api.read(this.conversation.conversation, this.cursor).catch(() => undefined);
  }

  private seen(seq: number): boolean {
    const further = seq > this.memory.current.read;
    if (further) this.memory.set({ read: seq });
    return further;
  }

  start(): void {
    if (this.life) return;
    this.life = new AbortController();
    addEventListener("online", this.onOnline);
    addEventListener("offline", this.onOffline);
    void this.run(this.life.signal);
  }

  stop(): void {
    this.life?.abort();
    this.life = null;
    this.wake?.();
    removeEventListener("online", this.onOnline);
    removeEventListener("offline", this.onOffline);
  }

  /** The patient logged in again: goes on where it was. False when this session waits for nobody. */
  resume(provider: TokenProvider | null): boolean {
    if (!provider || this.status !== "expired") return false;
    this.provider = provider;
    this.wake?.();
    return true;
  }

  /** The patient is back at the page: from now on with the token it has now (perhaps with a fresh proof in it). */
  async renew(): Promise<void> {
    this.wake?.();
    if (!this.account) return;
    try {
      this.token = (await this.provider?.()) ?? this.token;
    } catch {
      // The token that was there is good until it expires.
    }
  }

  sendText(text: string): void {
    this.enqueue({ client_message_id: crypto.randomUUID(), text }, text);
  }

  press(token: string, label: string): void {
    this.enqueue({ client_message_id: crypto.randomUUID(), button: token }, label);
  }

  retry(bubble: Bubble): void {
    const outbound = this.queue.find((item) => item.bubble === bubble);
    if (!outbound) return;
    this.change(() => (bubble.state = "sending"));
    void this.flush();
  }

  /** Log-out: the token is worth nothing from now on, here and on other devices. */
  async end(): Promise<void> {
    if (this.conversation) await this.api.end(this.conversation.conversation);
  }

  file(path: string): Promise<Blob> {
    return this.api.file(path);
  }

  private enqueue(message: NewMessage, shown: string): void {
    const bubble: Bubble = {
      key: message.client_message_id,
      seq: null,
      author: "patient",
      at: new Date(),
      content: { text: shown },
      state: "sending",
      fresh: false,
    };
    this.queue.push({ message, bubble });
    this.change(() => this.bubbles.push(bubble));
    this.start();
    void this.flush();
  }

  // --- connection

  private async run(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      try {
        await this.connect();
        await this.follow(life);
      } catch (error) {
        if (life.aborted) return;
        this.failures += 1;
        await this.recover(error, this.failures);
      }
    }
  }

  private async connect(): Promise<void> {
    if (this.conversation) return this.loaded ? undefined : this.loadHistory(this.conversation.conversation);
    this.setStatus(this.status === "idle" ? "connecting" : this.status);
    const { visitorToken, conversation } = this.memory.current;
    const own = (await this.provider?.()) ?? null;
    if (!own && this.account) throw new Refused(401, LOGGED_OUT, "");
    this.token = own ?? visitorToken;
    // What was said before the log-in goes with the patient.
    const opened = await this.api.open(own && visitorToken);
    if (own && visitorToken) this.memory.set({ visitorToken: null });
    if (opened.visitor_token) {
      this.token = opened.visitor_token;
      this.memory.set({ visitorToken: opened.visitor_token });
    }
    if (this.account && this.account !== opened.conversation) this.dropUnsent();
    this.account = opened.authenticated ? opened.conversation : null;
    if (conversation !== opened.conversation) {
      this.forgetHistory();
      this.memory.set({ conversation: opened.conversation, read: opened.read || opened.cursor });
    }
    this.seen(opened.read);
    this.conversation = opened;
    this.loaded = false;
    if (opened.authenticated) void this.uploads.look();
    // Before the history: an emergency is answered even while nothing can be read.
    void this.flush();
    await this.loadHistory(opened.conversation);
  }

  private async loadHistory(conversation: string): Promise<void> {
    const known = this.bubbles.filter((bubble) => bubble.seq !== null).length > 0;
    const { messages } = await this.api.history(conversation);
    this.loaded = true;
    this.change(() => {
      for (const message of messages) this.place(message, known);
    });
  }

  private async follow(life: AbortSignal): Promise<void> {
    const opened = this.conversation;
    if (!opened) return;
    const stop = new AbortController();
    const end = (): void => stop.abort();
    life.addEventListener("abort", end);
    // A browser that went offline may keep a dead stream open.
    addEventListener("offline", end);
    try {
      const answer = await this.api.events(opened.conversation, this.cursor, stop.signal);
      this.failures = 0;
      this.setStatus("online");
      if (!answer.body) throw new Error("no stream");
      for await (const event of readEvents(answer.body, STALL_MS)) this.onEvent(event.name, event.data);
    } finally {
      life.removeEventListener("abort", end);
      removeEventListener("offline", end);
      end();
      this.change(() => (this.typing = false));
    }
  }

  private onEvent(name: string, data: unknown): void {
    if (name === "message") this.change(() => this.place(data as Message, true));
    if (name === "typing") this.change(() => (this.typing = (data as { on: boolean }).on));
    if (name === "read") this.change(() => this.seen((data as { seq: number }).seq));
    if (name === "reset") this.forgetHistory();
    if (name === "session_ended") this.leave();
    if (name === "token_expired" || name === "session_ended") throw new Refused(401, name, "");
  }

  /** Pause before the next try; longer each time, ended early by `wake`. */
  private async recover(error: unknown, failures: number): Promise<void> {
    if (error instanceof Refused && error.code === LOGGED_OUT) {
      this.forgetHistory(); // whoever sits there now is not shown it
      this.setStatus("expired");
      void this.flush();
    } else if (error instanceof Refused && (error.status === 401 || error.status === 404)) {
      this.conversation = null;
      this.memory.set({ visitorToken: null });
      if (failures > 2) this.setStatus("expired");
    } else if (!navigator.onLine) {
      this.setStatus("offline");
    } else if (failures > 1) {
      this.setStatus("unreachable");
    }
    const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, failures === 1 ? pause / 4 : pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Logged out, here or on another device: nothing of the patient's stays. */
  private leave(): void {
    this.account = null;
    this.dropUnsent();
    this.forgetHistory();
  }

  /** What was meant for one patient's conversation does not go to another's. */
  private dropUnsent(): void {
    this.queue = [];
    this.change(() => (this.bubbles = this.bubbles.filter((bubble) => bubble.seq !== null)));
  }

  private forgetHistory(): void {
    this.cursor = 0;
    this.memory.set({ read: 0 });
    this.change(() => (this.bubbles = this.bubbles.filter((bubble) => bubble.seq === null)));
  }

  /** Puts a numbered message in its place once; my own replaces its waiting bubble. */
  private place(message: Message, fresh: boolean): void {
    if (message.seq <= this.cursor) return;
    this.cursor = message.seq;
    const { client_message_id: own } = message;
    const bubble: Bubble = {
      key: own ?? `n${message.seq}`,
      seq: message.seq,
      author: message.author,
      at: new Date(message.at),
      content: message,
      state: "sent",
      fresh: fresh && message.author !== "patient",
    };
    const waits = (other: Bubble): boolean => other.seq === null && other.state !== "sent";
    const rest = this.bubbles.filter((other) => other.key !== own);
    const said = rest.filter((other) => !waits(other));
    // What was answered without being kept (an emergency) has no number, only its time.
    const later = said.findIndex((other) => other.seq === null && other.at > bubble.at);
    said.splice(later < 0 ? said.length : later, 0, bubble);
    this.bubbles = [...said, ...rest.filter(waits)];
    if (own) this.queue = this.queue.filter((item) => item.message.client_message_id !== own);
    if (bubble.fresh) this.dispatchEvent(new CustomEvent("arrived", { detail: bubble }));
  }

  // --- sending, strictly one after another

  private async flush(): Promise<void> {
    if (this.sending || !this.reachable) return;
    this.sending = true;
    try {
      for (let next = this.nextToSend(); next; next = this.nextToSend()) await this.deliver(next);
    } finally {
      this.sending = false;
    }
  }

  /** Where messages go: the log-in may be over, but an emergency is answered there all the same. */
  private get reachable(): string | null {
    return this.conversation?.conversation ?? (this.status === "expired" ? this.account : null);
  }

  private nextToSend(): Outbound | undefined {
    return this.queue.find((item) => item.bubble.state === "sending");
  }

  private async deliver(item: Outbound): Promise<void> {
    let asked = 0;
    for (const pause of [0, ...QUICK_RETRIES_MS]) {
      const wait = Math.max(pause, Math.min(asked, LONGEST_PAUSE_MS));
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        const to = this.reachable;
        if (!to) break;
        const taken = await this.api.send(to, item.message);
        this.queue = this.queue.filter((other) => other !== item);
        this.change(() => this.onTaken(item.bubble, taken.replies ?? []));
        return;
      } catch (error) {
        if (error instanceof Refused && !error.temporary) return this.onRefused(item, error);
        asked = error instanceof Refused ? error.retryAfterMs : 0;
      }
    }
    this.change(() => (item.bubble.state = "failed"));
  }

  private onTaken(bubble: Bubble, replies: Content[]): void {
    bubble.state = "sent";
    for (const content of replies) {
      const reply: Bubble = {
        key: crypto.randomUUID(),
        seq: null,
        author: "assistant",
        at: new Date(),
        content,
        state: "sent",
        fresh: true,
      };
      this.bubbles.push(reply);
      this.dispatchEvent(new CustomEvent("arrived", { detail: reply }));
    }
  }

  private onRefused(item: Outbound, error: Refused): void {
    if (this.status === "expired" && error.status === 401) {
      this.change(() => (item.bubble.state = "failed")); // waits for the log-in
      return;
    }
    if (error.status === 401 || error.status === 404) {
      // The session ended: open it again; the message goes out when the conversation is back.
      this.change(() => (item.bubble.state = "sending"));
      this.conversation = null;
      this.restartStream();
      return;
    }
    this.queue = this.queue.filter((other) => other !== item);
    this.change(() => {
      item.bubble.state = "failed";
      item.bubble.problem = error.detail;
    });
  }

  private restartStream(): void {
    this.stop();
    this.start();
  }

  // --- state

  private readonly onOnline = (): void => {
    for (const item of this.queue) item.bubble.state = "sending";
    this.wake?.();
    void this.flush();
  };

  private readonly onOffline = (): void => this.setStatus("offline");

  private setStatus(status: Status): void {
    if (status === "online") {
      for (const item of this.queue) item.bubble.state = "sending";
      void this.flush();
    }
    this.change(() => (this.status = status));
  }

  private change(edit: () => void): void {
    edit();
    this.dispatchEvent(new Event("change"));
  }
}
