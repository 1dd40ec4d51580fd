// What survives a reload of the page in this tab: never a word of the conversation.

export interface Remembered {
  conversation: string | null;
  /** Number of the newest message the patient has seen. */
  read: number;
  visitorToken: string | null;
  open: boolean;
}

const NOTHING: Remembered = { conversation: null, read: 0, visitorToken: null, open: false };

export class Memory {
  private readonly key: string;
  private value: Remembered;

  constructor(api: string) {
    this.key = `asystent-czat ${api}`;
    this.value = { ...NOTHING, ...this.load() };
  }

  get current(): Readonly<Remembered> {
    return this.value;
  }

  set(change: Partial<Remembered>): void {
    this.value = { ...this.value, ...change };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.value));
    } catch {
      // Storage is off in this browser: the conversation just does not survive a reload.
    }
  }

  forget(): void {
    this.set({ ...NOTHING, open: this.value.open });
  }

  private load(): Partial<Remembered> {
    try {
      return JSON.parse(sessionStorage.getItem(this.key) ?? "{}") as Partial<Remembered>;
    } catch {
      return {};
    }
  }
}
