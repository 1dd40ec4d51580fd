import { html, nothing, type TemplateResult } from "lit";
import type { Link } from "./api.js";
import * as icons from "./icons.js";
import { t } from "./texts.js";

const ALLOWED = ["https:", "tel:", "mailto:"];

/** The address if it may be shown. The server filters too; this is the second lock on the door. */
export function safeAddress(href: string): URL | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  return url && ALLOWED.includes(url.protocol) ? url : null;
}

export function linkList(links: readonly Link[] | undefined): TemplateResult | typeof nothing {
  const shown = (links ?? []).flatMap((link) => {
    const url = safeAddress(link.href);
    return url ? [{ label: link.label, url }] : [];
  });
  if (!shown.length) return nothing;
  return html`<ul class="links">
    ${shown.map(({ label, url }) => html`<li>${anchor(label, url)}</li>`)}
  </ul>`;
}

function anchor(label: string, url: URL): TemplateResult {
  if (url.protocol !== "https:") {
    return html`<a href=${url.href}>${url.protocol === "tel:" ? icons.phone : icons.mail}<span>${label}</span></a>`;
  }
  return html`<a href=${url.href} target="_blank" rel="noopener noreferrer"
    >${icons.outward}<span>${label}<span class="hidden"> (${t.newTab})</span></span></a
  >`;
}
