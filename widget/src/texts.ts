import texts from "./texts.pl.json";

export const t = texts;

type Plural = Record<"one" | "few" | "many" | "other", string>;

const rules = new Intl.PluralRules("pl");

/** A sentence with a number in its proper Polish form. */
export function plural(forms: Plural, count: number): string {
  return forms[rules.select(count) as keyof Plural].replace("{count}", String(count));
}

const clock = new Intl.DateTimeFormat("pl", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Warsaw" });
const day = new Intl.DateTimeFormat("pl", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Warsaw" });

export function hour(at: Date): string {
  return clock.format(at);
}

/** „Dzisiaj”, „Wczoraj” or the weekday and date, as in Poland. */
export function dayName(at: Date, now: Date): string {
  const name = day.format(at);
  if (name === day.format(now)) return t.today;
  const yesterday = new Date(now.getTime() - 24 * 3600 * 1000);
  return name === day.format(yesterday) ? t.yesterday : name;
}

const words = (parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("pl", { timeZone: "UTC", ...parts });
const dayMonth = words({ day: "numeric", month: "long" });
const withYear = words({ day: "numeric", month: "long", year: "numeric" });
const monthYear = words({ month: "long", year: "numeric" });
const weekdayLong = words({ weekday: "long" });
const isoInPoland = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Warsaw" });
const A_MONDAY = Date.UTC(2024, 0, 1);

/** Poland's day, ISO. */
export function today(): string {
  return isoInPoland.format(new Date());
}

/** „12 grudnia”; with the year when it is not the present one. */
export function dateWords(date: Date): string {
  return (today().startsWith(String(date.getUTCFullYear())) ? dayMonth : withYear).format(date);
}

/** „grudzień 2026”. */
export function monthWords(date: Date): string {
  return monthYear.format(date);
}

/** „poniedziałek” for 0. */
export function weekdayWord(at: number): string {
  return weekdayLong.format(A_MONDAY + at * 24 * 3600 * 1000);
}
