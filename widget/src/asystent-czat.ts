// <asystent-czat api="https://..." token-url="/czat/token"></asystent-czat>
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { bubbleList, quickReplies, spoken, starterReplies, type Actions } from "./bubbles.js";
import { AsystentKalendarz } from "./calendar.js";
import { AsystentPole } from "./composer.js";
import * as icons from "./icons.js";
import { Session, type Bubble, type Status, type TokenProvider } from "./session.js";
import { base } from "./styles-base.js";
import { bubbleStyles } from "./styles-bubbles.js";
import { cardStyles } from "./styles-cards.js";
import { panelStyles } from "./styles-panel.js";
import { trayStyles } from "./styles-tray.js";
import { tokenFrom } from "./token.js";
import { plural, t } from "./texts.js";
import { tray } from "./tray.js";

const ANNOUNCED = 6;
const NEAR_END_PX = 120;
const MARGIN_PX = 12;
const BANNERS: Partial<Record<Status, string>> = {
  offline: t.offline,
  unreachable: t.unreachable,
  expired: t.expired,
};

/**
 * The chat. Attributes: `api` (address of the assistant, default: this page's), `token-url` (where the
 * page gives out the patient's token; without it the patient is an anonymous visitor), `theme`
 * (`light` or `dark`; default: the patient's), `open`. Property `tokenProvider` replaces `token-url`.
 * Method `restart()` after the patient logged in or changed, `logOut()` at the portal's log-out. Event
 * `asystent-login` asks the page to log the patient in again.
 */
export class AsystentCzat extends LitElement {
  static override styles = [base, panelStyles, bubbleStyles, cardStyles, trayStyles];
  static override properties = {
    api: {},
    tokenUrl: { attribute: "token-url" },
    theme: { reflect: true },
    open: { type: Boolean, reflect: true },
    problem: { state: true },
    more: { state: true },
    dragging: { state: true },
  };

  api = "";
  tokenUrl: string | null = null;
  open = false;
  tokenProvider: TokenProvider | null = null;

  private problem = "";
  private more = false;
  private dragging = false;
  private session!: Session;
  private follow = true;
  private scrolledTo = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.begin();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  /** The patient logged in, changed, or is gone: goes on where the log-in was over, or begins again. */
  restart(): void {
    if (!this.session.resume(this.provider())) this.beginAnew();
  }

  private beginAnew(): void {
    const { visitorToken } = this.session.remembered.current;
    this.session.remembered.forget();
    // A visitor who logged in: the assistant takes up what was said.
    if (this.tokenProvider ?? this.tokenUrl) this.session.remembered.set({ visitorToken });
    this.end();
    this.begin();
    this.requestUpdate();
  }

  /** Log-out: ends the conversation's session on the server, then begins again without a patient. */
  async logOut(): Promise<void> {
    try {
      await this.session.end();
    } finally {
      this.tokenProvider = null;
      this.beginAnew();
    }
  }

  private provider(): TokenProvider | null {
    return this.tokenProvider ?? (this.tokenUrl ? tokenFrom(this.tokenUrl) : null);
  }

  private begin(): void {
    this.session = new Session(this.api.replace(/\/$/, ""), this.provider());
    this.session.addEventListener("change", this.onChange);
    this.session.addEventListener("arrived", this.onArrived);
    const { open, conversation } = this.session.remembered.current;
    this.open ||= open;
    // A conversation that has begun is followed even when closed, to show what is new.
    if (this.open || conversation) this.session.start();
  }

  private end(): void {
    this.session.removeEventListener("change", this.onChange);
    this.session.removeEventListener("arrived", this.onArrived);
    this.session.stop();
  }

  override render(): TemplateResult {
    return html`${this.open ? this.panel() : this.launcher()}
      <div class="hidden" id="announcer" aria-live="polite" aria-relevant="additions"></div>`;
  }

  private launcher(): TemplateResult {
    const { unread } = this.session;
    return html`<button class="launcher" aria-label=${unread ? plural(t.openUnread, unread) : t.open} @click=${this.show}>
      ${icons.chat}<span>${t.open}</span>
      ${unread ? html`<span class="badge" aria-hidden="true">${unread}</span>` : nothing}
    </button>`;
  }

  private panel(): TemplateResult {
    return html`<div class="panel" role="dialog" aria-labelledby="heading" tabindex="-1" @keydown=${this.onKey}
      @dragover=${this.onDrag} @dragleave=${this.onDragEnd} @drop=${this.onDrop}>
      <div class="head">
        ${icons.chat}
        <div class="names"><h2 id="heading">${t.heading}</h2><p>${this.session.withPerson ? t.withPerson : t.subheading}</p></div>
        <button class="close" aria-label=${t.close} @click=${this.hide}>${icons.cross}</button>
      </div>
      <div class="banner" role="status">${this.banner()}</div>
      <div class="log" role="log" aria-live="off" aria-label=${t.log} tabindex="0" @scroll=${this.onScroll}>
        ${this.conversation()}
      </div>
      <div class="below">
        ${this.more
          ? html`<button class="more" tabindex="-1" aria-hidden="true" @click=${this.showMore}>${icons.arrow}</button>`
          : nothing}
      </div>
      ${tray(this.session.uploads)}
      <asystent-pole .files=${this.takesFiles} @send=${(event: CustomEvent<string>) => this.say(event.detail)}
        @files=${(event: CustomEvent<File[]>) => this.give(event.detail)}></asystent-pole>
      ${this.dragging ? html`<div class="dropzone">${t.dropHere}</div>` : nothing}
    </div>`;
  }

  /** Only a logged-in patient has an account that takes files; the assistant says the rest. */
  private get takesFiles(): boolean {
    const { places } = this.session.uploads;
    return Boolean(this.session.conversation?.authenticated && places);
  }

  private give(files: Iterable<File>): void {
    this.follow = true;
    this.session.uploads.add(files);
  }

  private onDrag(event: DragEvent): void {
    if (!this.takesFiles || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dragging = true;
  }

  private readonly onDragEnd = (): void => {
    this.dragging = false;
  };

  private onDrop(event: DragEvent): void {
    this.dragging = false;
    if (!this.takesFiles || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.give(event.dataTransfer.files);
  }

  private banner(): TemplateResult | typeof nothing {
    const words = this.problem || BANNERS[this.session.status];
    if (!words) return nothing;
    const expired = !this.problem && this.session.status === "expired";
    return html`${icons.warning}<span>${words}</span>
      ${expired ? html`<button class="login" @click=${this.askForLogin}>${t.logIn}</button>` : nothing}`;
  }

  /** The page knows how to log in. */
  private askForLogin(): void {
    this.dispatchEvent(new CustomEvent("asystent-login", { bubbles: true, composed: true }));
  }

  private conversation(): TemplateResult {
    const { bubbles, conversation, typing, status } = this.session;
    const actions = this.actions;
    return html`${conversation
        ? html`<div class="notice">${icons.info}<span>${conversation.notice}</span></div>`
        : status === "expired" ? nothing : html`<p>${t.connecting}…</p>`}
      ${conversation || bubbles.length
        ? bubbleList([...(conversation ? [this.greeting(conversation.greeting)] : []), ...bubbles], new Date(), actions)
        : nothing}
      ${typing ? html`<div class="typing" role="img" aria-label=${this.session.withPerson ? t.personTyping : t.typing}><i></i><i></i><i></i></div>` : nothing}
      ${bubbles.length || !conversation
        ? quickReplies(bubbles, actions)
        : starterReplies(conversation.starters, actions)}`;
  }

  private greeting(text: string): Bubble {
    const at = this.session.bubbles[0]?.at ?? new Date();
    return { key: "greeting", seq: null, author: "assistant", at, content: { text }, state: "sent", fresh: false };
  }

  private readonly actions: Actions = {
    say: (text) => this.say(text),
    press: (token, label) => {
      this.follow = true;
      this.session.press(token, label);
      this.moveFocus();
    },
    retry: (bubble) => this.session.retry(bubble),
    download: (href, name) => void this.download(href, name),
  };

  private say(text: string): void {
    this.follow = true;
    this.session.sendText(text);
    this.moveFocus();
  }

  private async download(href: string, name: string): Promise<void> {
    this.problem = "";
    try {
      const address = URL.createObjectURL(await this.session.file(href));
      const anchor = document.createElement("a");
      anchor.href = address;
      anchor.download = name;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch {
      this.problem = t.downloadFailed;
    }
  }

  private readonly show = async (): Promise<void> => {
    this.open = true;
    this.session.remembered.set({ open: true });
    this.session.start();
    this.follow = true;
    await this.updateComplete;
    this.moveFocus();
  };

  private readonly hide = async (): Promise<void> => {
    this.open = false;
    this.session.remembered.set({ open: false });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".launcher")?.focus();
  };

  /** To the text field; on a touch screen its keyboard would cover what there is to read. */
  private moveFocus(): void {
    const target = matchMedia("(pointer: coarse)").matches ? ".panel" : "asystent-pole";
    this.renderRoot.querySelector<HTMLElement>(target)?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    void this.hide();
  }

  private readonly onVisible = (): void => {
    if (document.visibilityState === "visible") void this.session.renew();
    this.requestUpdate();
  };

  private readonly onChange = (): void => {
    if (this.session.status === "online") this.problem = "";
    this.requestUpdate();
  };

  /** Reads out only what is new: one line is appended, the list itself stays silent. */
  private readonly onArrived = (event: Event): void => {
    if (!this.open) return;
    const announcer = this.renderRoot.querySelector("#announcer");
    const line = document.createElement("p");
    line.textContent = spoken((event as CustomEvent<Bubble>).detail.content);
    announcer?.append(line);
    while (announcer && announcer.children.length > ANNOUNCED) announcer.firstElementChild?.remove();
  };

  /** The patient scrolled away to read: stay there. Our own scrolling does not count. */
  private onScroll(): void {
    const log = this.renderRoot.querySelector(".log");
    if (!log) return;
    this.more = isMoreBelow(log);
    if (Math.abs(log.scrollTop - this.scrolledTo) < 2) return;
    this.follow = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
  }

  /** To the end, but never past the patient's own words: a long answer is read from its beginning. */
  private scrollToNew(): void {
    const log = this.renderRoot.querySelector<HTMLElement>(".log");
    if (!log) return;
    this.more = isMoreBelow(log);
    // Who moves about in the calendar is not taken away from it.
    if (!this.follow || log.querySelector("asystent-kalendarz:focus-within")) return;
    const mine = [...log.querySelectorAll<HTMLElement>(".mine")].at(-1);
    const end = log.scrollHeight - log.clientHeight;
    // Before anything was said, the notice that this is a machine must be in sight.
    const start = !this.session.bubbles.length ? 0 : mine ? mine.offsetTop - log.offsetTop - MARGIN_PX : end;
    this.scrolledTo = Math.max(0, Math.min(end, start));
    log.scrollTop = this.scrolledTo;
    this.more = isMoreBelow(log);
  }

  private showMore(): void {
    const log = this.renderRoot.querySelector(".log");
    log?.scrollBy({ top: log.clientHeight * 0.8, behavior: "smooth" });
  }

  override updated(_changed: PropertyValues): void {
    if (!this.open) return;
    if (document.visibilityState === "visible") this.session.markRead();
    this.scrollToNew();
  }
}

/** For the eye only: keyboards and screen readers reach what is below by themselves. */
function isMoreBelow(log: Element): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight > MARGIN_PX * 3;
}

customElements.define("asystent-pole", AsystentPole);
customElements.define("asystent-kalendarz", AsystentKalendarz);
customElements.define("asystent-czat", AsystentCzat);
