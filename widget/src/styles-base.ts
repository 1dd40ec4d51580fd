import { css } from "lit";

const dark = css`
  --primary: var(--asystent-dark-primary, #8cc4f5);
  --on-primary: var(--asystent-dark-on-primary, #06223b);
  --head: var(--asystent-dark-head, #123a5e);
  --on-head: var(--asystent-dark-on-head, #ffffff);
  --surface: var(--asystent-dark-surface, #17212b);
  --ground: var(--asystent-dark-ground, #0e161e);
  --text: var(--asystent-dark-text, #eef3f8);
  --quiet: var(--asystent-dark-quiet, #b3c1ce);
  --line: var(--asystent-dark-line, #3b4a58);
  --edge: var(--asystent-dark-edge, #8396a8);
  --mine: var(--asystent-dark-mine, #1d3f5e);
  --tint: var(--asystent-dark-tint, #1b2e40);
  --good: var(--asystent-dark-good, #7fd6a0);
  --bad: var(--asystent-dark-bad, #ffaba4);
  --focus: var(--asystent-dark-focus, #ffc36b);
  color-scheme: dark;
`;

/** Colours and measures. Every `--asystent-*` may be set by the page. */
export const base = css`
  :host {
    --primary: var(--asystent-primary, #0b4f8a);
    --on-primary: var(--asystent-on-primary, #ffffff);
    --head: var(--asystent-head, var(--primary));
    --on-head: var(--asystent-on-head, var(--on-primary));
    --surface: var(--asystent-surface, #ffffff);
    --ground: var(--asystent-ground, #f3f6f9);
    --text: var(--asystent-text, #17222d);
    --quiet: var(--asystent-quiet, #4a5a69);
    --line: var(--asystent-line, #c3ced9);
    --edge: var(--asystent-edge, #6b7c8d);
    --mine: var(--asystent-mine, #d9eafa);
    --tint: var(--asystent-tint, #e8f2fb);
    --good: var(--asystent-good, #17693a);
    --bad: var(--asystent-bad, #a3211b);
    --focus: var(--asystent-focus, #b45309);
    --radius: var(--asystent-radius, 14px);
    --font: var(--asystent-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    color-scheme: light;
    color: var(--text);
    font: 400 1.0625rem/1.5 var(--font);
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      ${dark}
    }
  }
  :host([theme="dark"]) {
    ${dark}
  }
  @media (prefers-contrast: more) {
    :host {
      --line: var(--text);
      --edge: var(--text);
      --quiet: var(--text);
    }
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    min-width: 44px;
    min-height: 44px;
    cursor: pointer;
    touch-action: manipulation;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  svg {
    flex: none;
    display: block;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
