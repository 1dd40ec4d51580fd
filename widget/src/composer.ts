// Where the patient writes.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { composerStyles } from "./styles-composer.js";
import * as icons from "./icons.js";
import { base } from "./styles-base.js";
import { plural, t } from "./texts.js";

const LIMIT = 2000;

/** Fires `send` with the text in `detail`. Enter sends, Shift+Enter breaks the line. */
export class AsystentPole extends LitElement {
  static override styles = [base, composerStyles];
  static override properties = { length: { state: true } };
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  private length = 0;

  override render(): TemplateResult {
    const over = this.length - LIMIT;
    return html`<form @submit=${this.onSubmit}>
      <div class="field">
        <label class="hidden" for="text">${t.input}</label>
        <textarea id="text" rows="1" placeholder=${t.placeholder} autocomplete="off" enterkeyhint="send"
          aria-invalid=${over > 0} aria-describedby=${over > 0 ? "problem" : nothing}
          @input=${this.onInput} @keydown=${this.onKey}></textarea>
        <button class="send" type="submit" aria-label=${t.send}>${icons.arrow}</button>
      </div>
      ${over > 0 ? html`<p id="problem" role="alert">${plural(t.tooLong, over)}</p>` : nothing}
    </form>`;
  }

  private get area(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  private onInput(): void {
    this.length = this.area?.value.trim().length ?? 0;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  private onSubmit(event: Event): void {
    event.preventDefault();
    this.submit();
  }

  private submit(): void {
    const { area } = this;
    const text = area?.value.trim() ?? "";
    if (!area || !text || text.length > LIMIT) return;
    area.value = "";
    this.length = 0;
    area.focus();
    this.dispatchEvent(new CustomEvent<string>("send", { detail: text }));
  }
}
