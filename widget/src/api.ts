// The Chat API v1 as functions; types come from docs/chat-api.yaml.
import type { components } from "./api-types.js";

type Schemas = components["schemas"];
export type Conversation = Schemas["Conversation"];
export type Message = Schemas["Message"];
export type Content = Schemas["Content"];
export type Card = Schemas["Card"];
export type Calendar = Schemas["Calendar"];
export type Slot = Schemas["Slot"];
export type Link = Schemas["Link"];
export type Option = Schemas["Option"];
export type NewMessage = Schemas["NewMessage"];
export type Taken = Schemas["Taken"];
export type History = Schemas["History"];
export type Places = Schemas["Places"];

/** The API refused; `code` is stable, `detail` is Polish and may be shown. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfterMs = 0,
  ) {
    super(code);
  }

  /** The same request may succeed later. */
  get temporary(): boolean {
    return this.status >= 500 || this.status === 429;
  }
}

const REQUEST_MS = 15_000;
const UPLOAD_MS = 120_000;

export class Api {
  constructor(
    private readonly base: string,
    private readonly token: () => string | null,
  ) {}

  /** `visitorToken`: what this device had before the patient logged in. */
  open(visitorToken: string | null): Promise<Conversation> {
    return this.json("POST", "/api/v1/conversations", visitorToken ? { visitor_token: visitorToken } : undefined);
  }

  async end(conversation: string): Promise<void> {
    await this.request("DELETE", `/api/v1/conversations/${conversation}/session`, {}, AbortSignal.timeout(REQUEST_MS));
  }

  places(conversation: string): Promise<Places> {
    return this.json("GET", `/api/v1/conversations/${conversation}/attachments`);
  }

  /** Sends a file; `progress` in percent. fetch() cannot tell how far it is. */
  upload(
    conversation: string,
    { key, batch, file }: { key: string; batch: string; file: File },
    signal: AbortSignal,
    progress: (percent: number) => void,
  ): Promise<void> {
    const query = new URLSearchParams({ client_message_id: key, name: file.name, batch });
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/api/v1/conversations/${conversation}/attachments?${query}`);
      const token = this.token();
      if (token) request.setRequestHeader("authorization", `Bearer ${token}`);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.timeout = UPLOAD_MS;
      request.upload.onprogress = ({ loaded, total }) => progress(Math.round((100 * loaded) / (total || 1)));
      request.onload = () => (request.status < 300 ? resolve() : reject(problemOf(request.status, request.responseText)));
      request.onerror = request.ontimeout = () => reject(new Error("upload failed"));
      signal.addEventListener("abort", () => {
        request.abort();
        reject(new Error("aborted"));
      });
      request.send(file);
    });
  }

  read(conversation: string, seq: number): Promise<{ read: number }> {
    return this.json("POST", `/api/v1/conversations/${conversation}/read`, { seq });
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
  return problemOf(answer.status, await answer.text());
}

function problemOf(status: number, body: string): Refused {
  let problem: { code?: unknown; detail?: unknown; retry_after?: unknown } = {};
  try {
    problem = JSON.parse(body) as typeof problem;
  } catch {
    // A proxy's page instead of a problem document: the status says enough.
  }
  const wait = Number(problem.retry_after ?? 0) * 1000;
  return new Refused(status, String(problem.code ?? "failed"), String(problem.detail ?? ""), wait);
}
