import { css } from "lit";

export const calendarStyles = css`
  :host {
    display: block;
    margin-top: 10px;
  }
  .toggle {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 48px;
    padding: 8px 18px 8px 14px;
    border: 2px solid var(--primary);
    border-radius: 24px;
    background: var(--surface);
    color: var(--primary);
    font-weight: 600;
  }
  .toggle[aria-expanded="true"] {
    background: var(--tint);
  }
  #month {
    max-width: 24rem;
    margin-top: 8px;
    padding: 8px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  #name {
    font-weight: 700;
  }
  .turn {
    display: grid;
    place-items: center;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--primary);
  }
  .turn:first-child {
    transform: rotate(180deg);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  th {
    padding: 6px 0;
    color: var(--quiet);
    font-size: 0.875rem;
    font-weight: 400;
  }
  td {
    padding: 0;
  }
  .day {
    width: 100%;
    min-width: 0;
    height: 44px;
    padding: 0;
    border: 2px solid transparent;
    border-radius: 10px;
    background: none;
    color: var(--primary);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .day:hover {
    background: var(--tint);
  }
  .day[aria-current] {
    border-color: var(--primary);
  }
  .day:focus-visible {
    outline-offset: -3px;
  }
  [aria-disabled="true"] {
    color: var(--quiet);
    font-weight: 400;
    cursor: default;
  }
  .day[aria-disabled="true"] {
    background: none;
  }
  .full {
    text-decoration: line-through;
  }
  .turn[aria-disabled="true"] {
    opacity: 0.35;
  }
  @media (max-width: 380px) {
    #month {
      margin-inline: -6px;
      padding-inline: 0;
      border-width: 1px 0;
      border-radius: 0;
    }
  }
  @media (forced-colors: active) {
    .day {
      border-color: Canvas;
    }
    .day[aria-disabled="true"] {
      color: GrayText;
    }
  }
`;
