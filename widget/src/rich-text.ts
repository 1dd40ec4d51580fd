// The assistant's text as nodes: paragraphs, "- " lists and **bold**. Never HTML.
import { html, type TemplateResult } from "lit";

function inline(line: string): (string | TemplateResult)[] {
  return line.split(/\*\*(.+?)\*\*/).map((part, index) => (index % 2 ? html`<strong>${part}</strong>` : part));
}

export function richText(text: string): TemplateResult[] {
  const blocks: TemplateResult[] = [];
  let items: string[] = [];
  const closeList = (): void => {
    if (items.length) blocks.push(html`<ul>${items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`);
    items = [];
  };
  for (const line of text.split("\n")) {
    const item = /^[-•] (.*)$/.exec(line)?.[1];
    if (item !== undefined) {
      items.push(item);
    } else {
      closeList();
      if (line.trim()) blocks.push(html`<p>${inline(line)}</p>`);
    }
  }
  closeList();
  return blocks;
}
