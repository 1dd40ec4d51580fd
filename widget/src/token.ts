import type { TokenProvider } from "./session.js";

/** Asks the page's own server for the logged-in patient's token (`{"token": "..."}`), with its cookies. */
export function tokenFrom(url: string): TokenProvider {
  return async () => {
    const answer = await fetch(url, { method: "POST", credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return null;
    if (!answer.ok) throw new Error("token endpoint failed");
    const { token } = (await answer.json()) as { token?: unknown };
    return typeof token === "string" ? token : null;
  };
}
