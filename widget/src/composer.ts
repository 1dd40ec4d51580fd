// Where the patient writes.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { composerStyles } from "./styles-composer.js";
import * as icons from "./icons.js";
import { base } from "./styles-base.js";
import { plural, t } from "./texts.js";

const LIMIT = 2000;
// Others are refused by the server, with advice that helps: a phone's HEIC must be choosable to get it.
const TYPES = "image/*,application/pdf";

/** Fires `send` with the text in `detail`, `files` with chosen files when `files` is set. Enter sends, Shift+Enter breaks the line. */
export class AsystentPole extends LitElement {
  static override styles = [base, composerStyles];
  static override properties = { length: { state: true }, files: { type: Boolean } };
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  files = false;
  private length = 0;

  override render(): TemplateResult {
    const over = this.length - LIMIT;
    return html`<form @submit=${this.onSubmit}>
      <div class="field ${this.files ? "roomy" : ""}">
        <label class="hidden" for="text">${t.input}</label>
        <textarea id="text" rows="1" placeholder=${t.placeholder} autocomplete="off" enterkeyhint="send"
          aria-invalid=${over > 0} aria-describedby=${over > 0 ? "problem" : nothing}
          @input=${this.onInput} @keydown=${this.onKey}></textarea>
        ${this.files ? this.fileButtons() : nothing}
        <button class="send" type="submit" aria-label=${t.send}>${icons.arrow}</button>
      </div>
      ${over > 0 ? html`<p id="problem" role="alert">${plural(t.tooLong, over)}</p>` : nothing}
    </form>`;
  }

  /** A chooser, and on a phone the camera beside it. */
  private fileButtons(): TemplateResult {
    const camera = matchMedia("(pointer: coarse)").matches;
    return html`<button class="attach" type="button" aria-label=${t.attach} @click=${() => this.pick("#files")}>${icons.clip}</button>
      <input id="files" type="file" hidden multiple accept=${TYPES} @change=${this.onFiles} />
      ${camera
        ? html`<button class="attach" type="button" aria-label=${t.camera} @click=${() => this.pick("#photo")}>${icons.camera}</button>
            <input id="photo" type="file" hidden accept="image/jpeg" capture="environment" @change=${this.onFiles} />`
        : nothing}`;
  }

  private pick(which: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(which)?.click();
  }

  private onFiles(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) this.dispatchEvent(new CustomEvent<File[]>("files", { detail: files }));
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
