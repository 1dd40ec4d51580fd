// Files on their way to the assistant: one after another, with progress. Knows no DOM of ours.
import { Refused, type Api, type Places } from "./api.js";
import { plural, t } from "./texts.js";

export interface Upload {
  key: string;
  batch: string;
  file: File;
  state: "waiting" | "sending" | "failed" | "refused";
  /** 0 to 100. */
  progress: number;
  problem?: string;
}

export class Uploads extends EventTarget {
  items: Upload[] = [];
  places: Places | null = null;
  private busy = false;
  private running: { item: Upload; abort: AbortController } | null = null;

  constructor(
    private readonly api: Api,
    private readonly conversation: () => string | null,
  ) {
    super();
  }

  /** What the portal says about room for files; unknown while it does not answer. */
  async look(): Promise<void> {
    const conversation = this.conversation();
    if (!conversation) return;
    try {
      this.places = await this.api.places(conversation);
    } catch {
      this.places = null;
    }
    this.changed();
  }

  /** How many more files fit, in words. */
  get room(): string {
    const { places } = this;
    if (!places?.allowed || places.max === undefined) return "";
    return plural(t.placesLeft, Math.max(0, places.max - (places.used ?? 0)));
  }

  add(files: Iterable<File>): void {
    const batch = crypto.randomUUID();
    for (const file of files) {
      const item: Upload = { key: crypto.randomUUID(), batch, file, state: "waiting", progress: 0 };
      if (file.size > (this.places?.max_size ?? Infinity)) this.refuse(item, t.fileTooLarge);
      this.items.push(item);
    }
    this.changed();
    void this.work();
  }

  retry(item: Upload): void {
    item.state = "waiting";
    delete item.problem;
    this.changed();
    void this.work();
  }

  /** Takes it off the list; one on its way is stopped. */
  drop(item: Upload): void {
    if (this.running?.item === item) this.running.abort.abort();
    this.items = this.items.filter((other) => other !== item);
    this.changed();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.next(); next; next = this.next()) await this.send(next);
    } finally {
      this.busy = false;
    }
    await this.look();
  }

  private next(): Upload | undefined {
    return this.conversation() ? this.items.find((item) => item.state === "waiting") : undefined;
  }

  private async send(item: Upload): Promise<void> {
    const conversation = this.conversation();
    if (!conversation) return;
    const abort = new AbortController();
    this.running = { item, abort };
    item.state = "sending";
    item.progress = 0;
    this.changed();
    try {
      await this.api.upload(conversation, item, abort.signal, (progress) => {
        item.progress = progress;
        this.changed();
      });
      this.items = this.items.filter((other) => other !== item);
    } catch (error) {
      // The conversation says why a file was refused; here it only leaves the list.
      if (error instanceof Refused && error.code === "file_refused") {
        this.items = this.items.filter((other) => other !== item);
      } else if (!abort.signal.aborted) {
        item.state = "failed";
        item.problem = (error instanceof Refused && error.detail) || t.fileFailed;
      }
    }
    this.running = null;
    this.changed();
  }

  private refuse(item: Upload, problem: string): void {
    item.state = "refused";
    item.problem = problem;
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
