import { css } from "lit";

export const cardStyles = css`
  .slots,
  .confirmation,
  .list {
    width: 100%;
  }
  .day {
    display: flex;
    align-items: center;
    gap: 10px;
    margin: 10px 2px 6px;
    font-weight: 600;
  }
  .day svg {
    color: var(--primary);
  }
  .slots ul,
  .list ul {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .slot,
  .item {
    display: flex;
    align-items: center;
    gap: 14px;
    width: 100%;
    padding: 12px 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    text-align: left;
  }
  .hour {
    flex: none;
    min-width: 4.3rem;
    color: var(--primary);
    font-size: 1.375rem;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .who,
  .lines {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    line-height: 1.4;
  }
  small {
    display: block;
    color: var(--quiet);
    font-size: 0.9375rem;
  }
  .go {
    color: var(--primary);
  }
  .confirmation,
  .list {
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .confirmation {
    border-left: 6px solid var(--primary);
  }
  .confirmation.done {
    border-left-color: var(--good);
  }
  .confirmation.cancelled {
    border-left-color: var(--bad);
  }
  .status {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--primary);
    font-weight: 600;
  }
  .done .status {
    color: var(--good);
  }
  .cancelled .status {
    color: var(--bad);
  }
  .title {
    margin: 4px 0 8px;
    font-size: 1.125rem;
    font-weight: 700;
  }
  dl {
    margin: 0;
  }
  dl div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    padding: 6px 0;
    border-top: 1px solid var(--line);
  }
  dt {
    flex: 0 0 4.2rem;
    color: var(--quiet);
    font-size: 0.9375rem;
  }
  dd {
    flex: 1 1 11rem;
    margin: 0;
    font-weight: 600;
  }
  .note {
    padding-top: 10px;
    border-top: 1px solid var(--line);
  }
  .file {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 18px 10px 14px;
    border: 2px solid var(--primary);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--primary);
    font-weight: 600;
    text-align: left;
  }
  @media (max-width: 360px) {
    .slot {
      flex-wrap: wrap;
      gap: 2px 12px;
    }
    .hour {
      flex: 1;
    }
    .who {
      flex: 1 0 100%;
      order: 1;
    }
  }
  .file small {
    font-weight: 400;
  }
`;
