// The Chat API v1 as functions; types come from docs/chat-api.yaml.
import type { components } from "./api-types.js";

type Schemas = components["schemas"];
export type Conversation = Schemas["Conversation"];
export type Message = Schemas["Message"];
export type Content = Schemas["Content"];
export type Card = Schemas["Card"];
export type Slot = Schemas["Slot"];
export type Link = Schemas["Link"];
export type Option = Schemas["Option"];
export type NewMessage = Schemas["NewMessage"];
export type Taken = Schemas["Taken"];
export type History = Schemas["History"];

/** The API refused; `code` is stable, `detail` is Polish and may be shown. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(code);
  }

  /** The same request may succeed later. */
  get temporary(): boolean {
    return this.status >= 500 || this.status === 429;
  }
}

const REQUEST_MS = 15_000;

export class Api {
  constructor(
    private readonly base: string,
    private readonly token: () => string | null,
  ) {}

  open(): Promise<Conversation> {
    return this.json("POST", "/api/v1/conversations");
  }

  send(conversation: string, message: NewMessage): Promise<Taken> {
    return this.json("POST", `/api/v1/conversations/${conversation}/messages`, message);
  }

  history(conversation: string): Promise<History> {
    return this.json("GET", `/api/v1/conversations/${conversation}/messages?limit=100`);
  }

  async file(path: string): Promise<Blob> {
    return (await this.request("GET", path, {}, AbortSignal.timeout(REQUEST_MS))).blob();
  }

  /** The live stream after `cursor`; ends when `signal` is aborted. */
  events(conversation: string, cursor: number, signal: AbortSignal): Promise<Response> {
    const headers = { "last-event-id": String(cursor), accept: "text/event-stream" };
    return this.request("GET", `/api/v1/conversations/${conversation}/events`, { headers }, signal);
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await this.request(method, path, init, AbortSignal.timeout(REQUEST_MS));
    return (await answer.json()) as T;
  }

  private async request(method: string, path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = this.token();
    if (token) headers.set("authorization", `Bearer ${token}`);
    const answer = await fetch(this.base + path, {
      ...init,
      method,
      headers,
      signal,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    if (answer.ok) return answer;
    throw await refusal(answer);
  }
}

async function refusal(answer: Response): Promise<Refused> {
  let problem: { code?: unknown; detail?: unknown } = {};
  try {
    problem = (await answer.json()) as typeof problem;
  } catch {
    // A proxy's page instead of a problem document: the status says enough.
  }
  return new Refused(answer.status, String(problem.code ?? "failed"), String(problem.detail ?? ""));
}
