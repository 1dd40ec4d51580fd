import { css } from "lit";

export const trayStyles = css`
  .tray {
    max-height: 12rem;
    overflow-y: auto;
    padding: 8px 16px;
    border-top: 1px solid var(--line);
    background: var(--ground);
  }
  .tray ul {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .tray li {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: center;
    gap: 2px 8px;
    padding: 4px 4px 8px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .tray .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tray .drop {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--quiet);
  }
  .tray progress {
    grid-column: 1 / -1;
    width: calc(100% - 8px);
    accent-color: var(--primary);
  }
  .tray p {
    display: flex;
    grid-column: 1 / -1;
    gap: 8px;
    margin: 0 8px 0 0;
    color: var(--bad);
  }
  .tray .room {
    margin: 6px 0 0;
    color: var(--quiet);
    font-size: 0.9375rem;
  }
  .tray .again {
    justify-self: start;
    min-height: 44px;
    padding: 4px 14px;
    border: 2px solid var(--primary);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--primary);
    font: inherit;
  }
  .dropzone {
    position: absolute;
    z-index: 3;
    inset: 8px;
    display: grid;
    place-items: center;
    padding: 24px;
    border: 3px dashed var(--primary);
    border-radius: var(--radius);
    background: var(--tint);
    color: var(--text);
    text-align: center;
    pointer-events: none;
  }
`;
