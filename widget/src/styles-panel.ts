import { css } from "lit";

export const panelStyles = css`
  :host {
    position: fixed;
    inset: auto max(20px, env(safe-area-inset-right)) max(20px, env(safe-area-inset-bottom)) auto;
    z-index: var(--asystent-z, 2147483000);
  }
  .launcher {
    position: relative;
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 60px;
    padding: 0 24px 0 20px;
    border: 0;
    border-radius: 30px;
    background: var(--primary);
    color: var(--on-primary);
    font-weight: 600;
    box-shadow: 0 6px 20px rgb(0 20 40 / 0.28);
  }
  .launcher:hover {
    filter: brightness(1.12);
  }
  .badge {
    position: absolute;
    top: -8px;
    right: -4px;
    min-width: 28px;
    height: 28px;
    padding: 0 8px;
    border: 2px solid var(--surface);
    border-radius: 14px;
    background: #b3261e;
    color: #fff;
    font-size: 0.9375rem;
    line-height: 24px;
    text-align: center;
  }
  .panel {
    display: flex;
    flex-direction: column;
    width: min(430px, calc(100vw - 40px));
    height: min(780px, calc(100dvh - 40px));
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) + 6px);
    background: var(--ground);
    box-shadow: 0 12px 40px rgb(0 20 40 / 0.32);
    animation: rise 0.18s ease-out;
  }
  .panel:focus {
    outline: none;
  }
  @keyframes rise {
    from {
      transform: translateY(12px);
    }
  }
  .head {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 12px 10px 12px 18px;
    background: var(--head);
    color: var(--on-head);
  }
  .head .names {
    flex: 1;
    min-width: 0;
  }
  h2 {
    margin: 0;
    font-size: 1.1875rem;
    line-height: 1.3;
  }
  .head p {
    margin: 0;
    font-size: 0.9375rem;
    line-height: 1.35;
  }
  .close {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    border: 0;
    border-radius: 50%;
    background: transparent;
    color: inherit;
  }
  .close:hover {
    background: rgb(128 128 128 / 0.3);
  }
  .head :focus-visible {
    outline-color: var(--on-head);
    outline-offset: -3px;
  }
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px;
    padding: 10px 18px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
    font-weight: 600;
  }
  .banner:empty {
    display: none;
  }
  .banner svg {
    color: var(--bad);
  }
  .banner span {
    flex: 1 1 11rem;
  }
  .login {
    flex: none;
    margin-left: auto;
    padding: 4px 14px;
    border: 2px solid var(--primary);
    border-radius: 22px;
    background: var(--surface);
    color: var(--primary);
    font-weight: 600;
  }
  .log {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 16px;
  }
  .below {
    position: relative;
    height: 0;
  }
  .more {
    position: absolute;
    right: 14px;
    bottom: 10px;
    display: grid;
    place-items: center;
    width: 44px;
    border: 1px solid var(--edge);
    border-radius: 50%;
    background: var(--surface);
    color: var(--primary);
    box-shadow: 0 3px 12px rgb(0 20 40 / 0.25);
  }
  .more svg {
    transform: rotate(90deg);
  }
  .log:focus-visible {
    outline-offset: -3px;
  }
  .notice {
    display: flex;
    gap: 10px;
    padding: 12px 14px;
    border-radius: var(--radius);
    background: var(--tint);
    font-size: 1rem;
  }
  .notice svg {
    margin-top: 1px;
    color: var(--primary);
  }
  @media (max-width: 500px), (max-height: 460px) {
    :host([open]) {
      inset: 0;
    }
    .panel {
      width: 100vw;
      height: 100dvh;
      border: 0;
      border-radius: 0;
    }
    .log {
      padding: 14px 12px;
    }
  }
  @media (max-height: 460px) {
    .panel {
      display: block;
      overflow-y: auto;
    }
    .log {
      overflow: visible;
    }
    .below {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .launcher,
    .panel,
    .badge,
    .notice {
      border: 2px solid CanvasText;
    }
  }
`;
