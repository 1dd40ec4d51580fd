// Cards: free terms, a visit to confirm, a list, a file.
import { html, nothing, type TemplateResult } from "lit";
import type { Card, Slot } from "./api.js";
import * as icons from "./icons.js";
import { linkList } from "./links.js";
import { t } from "./texts.js";

/** What a card can ask for: a press of its token, or a download. */
export interface CardActions {
  press(token: string, label: string): void;
  download(href: string, name: string): void;
}

export function cardView(card: Card, actions: CardActions): TemplateResult | typeof nothing {
  switch (card.kind) {
    case "slots":
      return slots(card, actions);
    case "confirmation":
      return confirmation(card);
    case "list":
      return list(card, actions);
    case "file":
      return html`<button class="file" @click=${() => actions.download(card.href, card.name)}>
        ${icons.calendar}<span>${card.label ?? t.download}<small>${card.name}</small></span>
      </button>`;
    default:
      return nothing; // a kind this widget does not know yet: the text beside it says the same
  }
}

/** What a screen reader hears of a card when it arrives. */
export function cardWords(card: Card): string {
  switch (card.kind) {
    case "slots":
      return card.items.map((slot) => slotWords(slot)).join("; ");
    case "confirmation":
      return [card.title, ...card.rows.map((row) => `${row.label}: ${row.value}`), card.note ?? ""].join(". ");
    case "list":
      return card.items.map((item) => [item.title, ...(item.lines ?? [])].join(", ")).join("; ");
    case "file":
      return `${card.label ?? t.download}: ${card.name}`;
    default:
      return "";
  }
}

function slotWords(slot: Slot): string {
  return [slot.day, slot.hour, slot.doctor, slot.place, slot.detail].filter(Boolean).join(", ");
}

function slots(card: Extract<Card, { kind: "slots" }>, actions: CardActions): TemplateResult {
  const days = [...new Set(card.items.map((slot) => slot.day))];
  return html`<div class="slots" role="group" aria-label=${card.title ?? t.slots}>
    ${days.map(
      (day) => html`<div class="day">${icons.calendar}<span>${day}</span></div>
        <ul>
          ${card.items.filter((slot) => slot.day === day).map((slot) => html`<li>${slotView(slot, actions)}</li>`)}
        </ul>`,
    )}
  </div>`;
}

function slotView(slot: Slot, actions: CardActions): TemplateResult {
  const inside = html`<span class="hour">${slot.hour}</span>
    <span class="who">
      ${slot.doctor ? html`<strong>${slot.doctor}</strong>` : nothing}
      ${slot.place ? html`<span>${slot.place}</span>` : nothing}
      ${slot.detail ? html`<small>${slot.detail}</small>` : nothing}
    </span>`;
  const { token } = slot;
  if (!token) return html`<div class="slot">${inside}</div>`;
  const label = slot.label ?? [slot.day, slot.hour, slot.doctor].filter(Boolean).join(", ");
  return html`<button class="slot" aria-label="${t.choose}: ${slotWords(slot)}" @click=${() => actions.press(token, label)}>
    ${inside}<span class="go">${icons.arrow}</span>
  </button>`;
}

function confirmation(card: Extract<Card, { kind: "confirmation" }>): TemplateResult {
  return html`<div class="confirmation ${card.status}" role="group" aria-label=${card.title}>
    <div class="status">
      ${card.status === "done" ? icons.check : card.status === "cancelled" ? icons.cross : icons.clock}
      <span>${t[card.status]}</span>
    </div>
    <div class="title">${card.title}</div>
    <dl>
      ${card.rows.map((row) => html`<div><dt>${row.label}</dt><dd>${row.value}</dd></div>`)}
    </dl>
    ${card.note ? html`<p class="note">${card.note}</p>` : nothing}
  </div>`;
}

function list(card: Extract<Card, { kind: "list" }>, actions: CardActions): TemplateResult {
  return html`<div class="list" role="group" aria-label=${card.title ?? t.assistant}>
    ${card.title ? html`<div class="title">${card.title}</div>` : nothing}
    <ul>
      ${card.items.map((item) => {
        const { token } = item;
        const inside = html`<strong>${item.title}</strong>${(item.lines ?? []).map((line) => html`<span>${line}</span>`)}`;
        return html`<li>
          ${token
            ? html`<button class="item" @click=${() => actions.press(token, item.title)}>
                <span class="lines">${inside}</span><span class="go">${icons.arrow}</span>
              </button>`
            : html`<div class="item"><span class="lines">${inside}</span></div>`}
          ${linkList(item.links)}
        </li>`;
      })}
    </ul>
  </div>`;
}
