import { css } from "lit";

export const composerStyles = css`
  :host {
    display: block;
  }
  form {
    padding: 12px 16px 16px;
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .field {
    display: flex;
    align-items: end;
    gap: 10px;
  }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 48px;
    max-height: 9rem;
    padding: 10px 14px;
    border: 2px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    resize: none;
    field-sizing: content;
  }
  textarea::placeholder {
    color: var(--quiet);
    opacity: 1;
  }
  textarea[aria-invalid="true"] {
    border-color: var(--bad);
  }
  .send {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    border: 0;
    border-radius: 50%;
    background: var(--primary);
    color: var(--on-primary);
  }
  .attach {
    display: grid;
    flex: none;
    place-items: center;
    width: 48px;
    height: 48px;
    border: 2px solid var(--edge);
    border-radius: 50%;
    background: var(--surface);
    color: var(--text);
  }
  .send {
    flex: none;
  }
  .send:hover {
    filter: brightness(1.12);
  }
  p {
    margin: 8px 0 0;
    color: var(--bad);
  }
  @media (max-width: 420px) {
    .roomy {
      flex-wrap: wrap;
    }
    .roomy textarea {
      flex-basis: 100%;
    }
    .roomy .send {
      margin-left: auto;
    }
  }
  @media (forced-colors: active) {
    .send {
      border: 2px solid ButtonText;
    }
  }
`;
