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
