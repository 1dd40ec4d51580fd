// The conversation itself.
import { html, nothing, type TemplateResult } from "lit";
import type { Calendar, Card, Content } from "./api.js";
import { cardView, cardWords, type CardActions } from "./cards.js";
import * as icons from "./icons.js";
import { linkList } from "./links.js";
import { richText } from "./rich-text.js";
import type { Bubble } from "./session.js";
import { dayName, hour, t } from "./texts.js";

export interface Actions extends CardActions {
  retry(bubble: Bubble): void;
  say(text: string): void;
}

/** What stands above a card whose content the text would only repeat. */
function leadOf(content: Content): string | undefined {
  return content.card && "lead" in content.card ? content.card.lead : undefined;
}

/** The days to choose from, where the message asks for one. */
function calendarOf(card: Card | undefined): Calendar | undefined {
  return card && "calendar" in card ? card.calendar : undefined;
}

/** What a screen reader hears when a message of the assistant arrives. */
export function spoken(content: Content): string {
  const labels = (content.options ?? []).map((option) => option.label);
  const options = [...labels, ...(calendarOf(content.card) ? [t.calendar] : [])].join(", ");
  const lead = leadOf(content);
  return [
    content.text.replaceAll("**", ""),
    content.card && lead === undefined ? cardWords(content.card) : "",
    options ? `${t.options}: ${options}` : "",
  ]
    .filter(Boolean)
    .join(". ")
    .replace(/([.:?!])\. /g, "$1 ");
}

export function bubbleList(bubbles: readonly Bubble[], now: Date, actions: Actions): TemplateResult {
  return html`<ol class="bubbles">
    ${bubbles.map(
      (bubble, index) => html`${dayLine(bubbles, index, now)}
        <li class="bubble ${bubble.author === "patient" ? "mine" : "theirs"} ${bubble.state}">
          ${bubbleView(bubble, bubbles[index - 1]?.author, bubbles[index + 1]?.author, actions)}
        </li>`,
    )}
  </ol>`;
}

function dayLine(bubbles: readonly Bubble[], index: number, now: Date): TemplateResult | typeof nothing {
  const bubble = bubbles[index];
  if (!bubble) return nothing;
  const name = dayName(bubble.at, now);
  const before = bubbles[index - 1];
  if (before && dayName(before.at, now) === name) return nothing;
  return html`<li class="date">${name}</li>`;
}

function bubbleView(bubble: Bubble, before: string | undefined, next: string | undefined, actions: Actions): TemplateResult {
  const { content } = bubble;
  const text = leadOf(content) ?? content.text;
  const author = bubble.author === "patient" ? t.me : bubble.author === "agent" ? t.agent : t.assistant;
  const person = bubble.author === "agent" && before !== "agent";
  return html`<span class=${person ? "person" : "hidden"}>${author}: </span>
    ${text ? html`<div class="text">${richText(text)}</div>` : nothing}
    ${content.card ? cardView(content.card, actions) : nothing} ${linkList(content.links)}
    ${bubble.author === "patient" ? delivery(bubble, actions) : nothing}
    ${bubble.author === next ? nothing : html`<time datetime=${bubble.at.toISOString()}>${hour(bubble.at)}</time>`}`;
}

function delivery(bubble: Bubble, actions: Actions): TemplateResult | typeof nothing {
  if (bubble.state === "sent") return nothing;
  if (bubble.state === "sending") return html`<span class="hidden">${t.sending}</span>`;
  return html`<div class="failure">
    ${icons.warning}<span>${bubble.problem ?? t.notSent}</span>
    ${bubble.problem ? nothing : html`<button class="plain" @click=${() => actions.retry(bubble)}>${t.retry}</button>`}
  </div>`;
}

/** The open question: the last one since the patient wrote; a word of the assistant after it does not close it. */
function openQuestion(bubbles: readonly Bubble[]): Bubble | undefined {
  const since = bubbles.slice(bubbles.findLastIndex((bubble) => bubble.author === "patient") + 1);
  return since.findLast(({ content }) => content.options?.length || calendarOf(content.card));
}

/** Tappable answers to the open question; older ones are no longer questions. */
export function quickReplies(bubbles: readonly Bubble[], actions: Actions): TemplateResult {
  const { options = [], card } = openQuestion(bubbles)?.content ?? {};
  const calendar = calendarOf(card);
  return html`${options.length
    ? html`<div class="replies" role="group" aria-label=${t.options}>
        ${options.map(
          (option) => html`<button class="reply ${option.kind}" @click=${() => actions.press(option.token, option.label)}>
            ${option.label}
          </button>`,
        )}
      </div>`
    : nothing}
  ${calendar
    ? html`<asystent-kalendarz .calendar=${calendar}
        @pick=${(event: CustomEvent<string>) => actions.say(event.detail)}></asystent-kalendarz>`
    : nothing}`;
}

export function starterReplies(starters: readonly string[], actions: Actions): TemplateResult | typeof nothing {
  if (!starters.length) return nothing;
  return html`<div class="replies" role="group" aria-label=${t.starters}>
    ${starters.map((words) => html`<button class="reply" @click=${() => actions.say(words)}>${words}</button>`)}
  </div>`;
}
