// The list of files on their way, above the text field.
import { html, nothing, type TemplateResult } from "lit";
import * as icons from "./icons.js";
import { t } from "./texts.js";
import type { Upload, Uploads } from "./uploads.js";

export function tray(uploads: Uploads): TemplateResult | typeof nothing {
  if (!uploads.items.length) return nothing;
  return html`<div class="tray">
    <ul aria-label=${t.files}>${uploads.items.map((item) => row(item, uploads))}</ul>
    ${uploads.room ? html`<p class="room">${uploads.room}</p>` : nothing}
  </div>`;
}

function row(item: Upload, uploads: Uploads): TemplateResult {
  const { name } = item.file;
  return html`<li class=${item.state}>
    <span class="name">${name}</span>
    <button class="drop" aria-label=${`${t.fileDrop}: ${name}`} @click=${() => uploads.drop(item)}>${icons.cross}</button>
    ${item.problem
      ? html`<p role="alert">${icons.warning}<span>${item.problem}</span></p>`
      : html`<progress max="100" value=${item.progress} aria-label=${`${t.fileSending}: ${name}`}></progress>`}
    ${item.state === "failed"
      ? html`<button class="again" aria-label=${`${t.retry}: ${name}`} @click=${() => uploads.retry(item)}>${t.retry}</button>`
      : nothing}
  </li>`;
}
