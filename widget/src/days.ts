// Days of the calendar, reckoned in UTC, where each has as many milliseconds. Knows no DOM.

const DAY_MS = 24 * 3600 * 1000;

const after = (day: Date, days: number): Date => new Date(day.getTime() + days * DAY_MS);
/** 0 is Monday. */
export const weekday = (day: Date): number => (day.getUTCDay() + 6) % 7;
export const iso = (day: Date): string => day.toISOString().slice(0, 10);

/** The same day of another month, or that month's last one. */
export function monthsAfter(day: Date, months: number): Date {
  const there = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months + 1, 0));
  there.setUTCDate(Math.min(day.getUTCDate(), there.getUTCDate()));
  return there;
}

/** Where a key leads from a day of the grid. */
export const STEPS: Record<string, (day: Date) => Date> = {
  ArrowLeft: (day) => after(day, -1),
  ArrowRight: (day) => after(day, 1),
  ArrowUp: (day) => after(day, -7),
  ArrowDown: (day) => after(day, 7),
  Home: (day) => after(day, -weekday(day)),
  End: (day) => after(day, 6 - weekday(day)),
  PageUp: (day) => monthsAfter(day, -1),
  PageDown: (day) => monthsAfter(day, 1),
};

/** Weeks of the month of `day`, from Monday; null where a week reaches into another month. */
export function weeksOf(day: Date): (Date | null)[][] {
  const month = day.getUTCMonth();
  const first = after(day, 1 - day.getUTCDate());
  const rows = [0, 1, 2, 3, 4, 5].map((row) =>
    [0, 1, 2, 3, 4, 5, 6].map((column) => {
      const each = after(first, row * 7 + column - weekday(first));
      return each.getUTCMonth() === month ? each : null;
    }),
  );
  return rows.filter((week) => week.some(Boolean));
}

/** What may be chosen: days from `min` to `max` (ISO) but for those `excluded`. */
export interface Span {
  min: string;
  max: string;
  excluded?: string[];
}

export function within(day: Date, { min, max }: Span): Date {
  const date = iso(day);
  return date < min ? new Date(min) : date > max ? new Date(max) : day;
}

export const isFree = (day: Date, span: Span): boolean =>
  iso(within(day, span)) === iso(day) && !span.excluded?.includes(iso(day));

/** The first day from `day` on that may be chosen, where there is one. */
export function firstFree(day: Date, span: Span): Date {
  let found = within(day, span);
  while (!isFree(found, span) && iso(found) < span.max) found = after(found, 1);
  return found;
}
