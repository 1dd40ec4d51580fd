import { svg, type TemplateResult } from "lit";

/** Inline icons: decoration only, the words beside them carry the meaning. */
function icon(paths: TemplateResult<2>): TemplateResult<2> {
  return svg`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`;
}

export const chat = icon(svg`<path d="M4 5h16v11H10l-5 4v-4H4z"/><path d="M9 10.5h6M12 7.5v6"/>`);
export const cross = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const arrow = icon(svg`<path d="M4 12h15M13 6l6 6-6 6"/>`);
export const clock = icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`);
export const person = icon(svg`<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.6-4 3.4-6 7-6s6.4 2 7 6"/>`);
export const pin = icon(svg`<path d="M12 21c4.5-5 6.5-8 6.5-11a6.5 6.5 0 10-13 0c0 3 2 6 6.5 11z"/><circle cx="12" cy="10" r="2.2"/>`);
export const clip = icon(svg`<path d="M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.4 3.4 0 015 5l-8.5 8.5a1.8 1.8 0 01-2.5-2.5L14.500 7.5"/>`);
export const camera = icon(svg`<path d="M4 8h3.500l1.500-3h6l1.500 3H20v11H4z"/><circle cx="12" cy="13" r="3.500"/>`);
export const check = icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`);
export const warning = icon(svg`<path d="M12 4l9 16H3z"/><path d="M12 10v4M12 17v.2"/>`);
export const phone = icon(svg`<path d="M6 3h3.5l1.5 5-2.2 1.6a12 12 0 005.6 5.6L16 13l5 1.5V18c0 1.7-1.3 3-3 3C10.3 21 3 13.7 3 6c0-1.7 1.3-3 3-3z"/>`);
export const mail = icon(svg`<path d="M3 6h18v12H3z"/><path d="M3.5 7l8.5 6 8.5-6"/>`);
export const outward = icon(svg`<path d="M13 5h6v6M19 5l-9 9M11 6H5v13h13v-6"/>`);
export const calendar = icon(svg`<path d="M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8"/>`);
export const info = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 7.8v.2"/>`);
