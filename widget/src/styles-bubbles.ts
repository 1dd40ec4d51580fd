import { css } from "lit";

export const bubbleStyles = css`
  ol,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .bubbles {
    display: flex;
    flex-direction: column;
    gap: 8px;
    margin-top: 12px;
  }
  .date {
    align-self: center;
    margin: 8px 0 2px;
    color: var(--quiet);
    font-size: 0.9375rem;
  }
  .bubble {
    display: flex;
    flex-direction: column;
    gap: 8px;
    max-width: 100%;
    overflow-wrap: anywhere;
  }
  .mine {
    align-items: end;
    padding-left: 40px;
  }
  .theirs {
    align-items: start;
  }
  .text {
    max-width: 100%;
    padding: 11px 15px;
    border: 1px solid var(--line);
    border-radius: 4px var(--radius) var(--radius) var(--radius);
    background: var(--surface);
  }
  .theirs .text {
    margin-right: 24px;
  }
  .mine .text {
    border-color: transparent;
    border-radius: var(--radius) var(--radius) 4px var(--radius);
    background: var(--mine);
  }
  .sending .text {
    border-style: dashed;
    border-color: var(--edge);
  }
  .text p,
  .note {
    margin: 0;
  }
  .text > * + * {
    margin-top: 8px;
  }
  .text ul {
    padding-left: 1.2em;
    list-style: disc;
  }
  .person {
    color: var(--quiet);
    font-size: 0.9375rem;
    font-weight: 600;
  }
  time {
    color: var(--quiet);
    font-size: 0.875rem;
  }
  .failure {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: end;
    gap: 4px 8px;
    color: var(--bad);
    font-weight: 600;
  }
  .plain {
    border: 0;
    background: none;
    color: inherit;
    font-weight: 600;
    text-decoration: underline;
  }
  .replies {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    margin-top: 14px;
  }
  .reply {
    min-height: 48px;
    padding: 8px 18px;
    border: 2px solid var(--primary);
    border-radius: 24px;
    background: var(--surface);
    color: var(--primary);
    font-weight: 600;
    text-align: left;
  }
  .reply.act {
    background: var(--primary);
    color: var(--on-primary);
  }
  .reply:hover,
  .slot:is(button):hover,
  .item:is(button):hover,
  .file:hover {
    box-shadow: 0 0 0 2px var(--primary);
  }
  .links {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .links a {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    color: var(--primary);
    font-weight: 600;
  }
  .typing {
    display: inline-flex;
    gap: 6px;
    margin-top: 12px;
    padding: 16px 18px;
    border: 1px solid var(--line);
    border-radius: 4px var(--radius) var(--radius) var(--radius);
    background: var(--surface);
  }
  .typing i {
    width: 9px;
    height: 9px;
    border-radius: 50%;
    background: var(--quiet);
    animation: wave 1.2s infinite ease-in-out;
  }
  .typing i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .typing i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes wave {
    40% {
      transform: translateY(-5px);
    }
    80% {
      transform: none;
    }
  }
`;
