// A day chosen in a calendar instead of being typed: a button that opens the grid of a month.
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Calendar } from "./api.js";
import { STEPS, firstFree, isFree, iso, monthsAfter, weekday, weeksOf, within } from "./days.js";
import * as icons from "./icons.js";
import { base } from "./styles-base.js";
import { calendarStyles } from "./styles-calendar.js";
import { dateWords, monthWords, t, today, weekdayWord } from "./texts.js";

/** Fires `pick` with the day in words ("12 grudnia") in `detail`. Arrows, Home, End and Page keys move in the grid. */
export class AsystentKalendarz extends LitElement {
  static override styles = [base, calendarStyles];
  static override properties = { calendar: { attribute: false }, day: { state: true }, said: { state: true } };

  calendar!: Calendar;
  /** Where the keyboard is, in the month that is shown; null while closed. */
  private day: Date | null = null;
  /** For screen readers: the month, when a button turned to it. */
  private said = "";

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("calendar")) this.day = null; // another question
  }

  override render(): TemplateResult {
    const { day } = this;
    return html`<button class="toggle" aria-expanded=${day !== null} aria-controls="month" @click=${this.toggle}>
        ${icons.calendar}<span>${t.calendar}</span>
      </button>
      <div id="month" role="group" aria-label=${t.calendar} ?hidden=${!day} @keydown=${this.onKey}>
        ${day ? this.month(day) : nothing}
      </div>`;
  }

  private month(day: Date): TemplateResult {
    return html`<div class="head">
        ${this.turnButton(t.monthBefore, day, -1)}<span id="name">${monthWords(day)}</span>${this.turnButton(t.monthAfter, day, 1)}
        <span class="hidden" aria-live="polite">${this.said}</span>
      </div>
      <table role="grid" aria-labelledby="name">
        <thead>
          <tr>${t.weekdays.map((name, at) => html`<th scope="col" abbr=${weekdayWord(at)}>${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${weeksOf(day).map((week) => html`<tr>${week.map((each) => html`<td>${each ? this.dayButton(each, day) : nothing}</td>`)}</tr>`)}
        </tbody>
      </table>`;
  }

  private turnButton(label: string, day: Date, months: number): TemplateResult {
    const there = within(monthsAfter(day, months), this.calendar);
    const far = monthWords(there) === monthWords(day);
    return html`<button class="turn" aria-label=${label} aria-disabled=${far} @click=${() => far || this.turn(there)}>
      ${icons.arrow}
    </button>`;
  }

  private turn(there: Date): void {
    this.day = there;
    this.said = monthWords(there);
  }

  private dayButton(each: Date, day: Date): TemplateResult {
    const free = isFree(each, this.calendar);
    const full = this.calendar.excluded?.includes(iso(each));
    return html`<button class="day ${full ? "full" : ""}" aria-disabled=${!free} tabindex=${iso(each) === iso(day) ? 0 : -1}
      aria-current=${iso(each) === today() ? "date" : nothing}
      aria-label="${weekdayWord(weekday(each))}, ${dateWords(each)}${full ? `, ${t.dayFull}` : ""}"
      @click=${() => (free ? this.pick(each) : this.go(each))}>${each.getUTCDate()}</button>`;
  }

  private readonly toggle = (): void => {
    if (this.day) this.close();
    else this.go(firstFree(new Date(today()), this.calendar));
  };

  private close(): void {
    this.day = null;
    this.renderRoot.querySelector<HTMLElement>(".toggle")?.focus();
  }

  /** The keyboard goes to this day, or to the nearest one that the calendar reaches. */
  private go(day: Date): void {
    this.day = within(day, this.calendar);
    this.said = "";
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector("#month")?.scrollIntoView({ block: "nearest" });
      this.renderRoot.querySelector<HTMLElement>(".day[tabindex='0']")?.focus();
    });
  }

  private pick(day: Date): void {
    this.day = null;
    this.dispatchEvent(new CustomEvent<string>("pick", { detail: dateWords(day) }));
  }

  private onKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (event.key === "Escape") this.close();
    else if (step && this.day && (event.target as Element).matches(".day")) this.go(step(this.day));
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the calendar, not the chat
  }
}
