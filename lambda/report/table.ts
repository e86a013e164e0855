import { type Content, html, type Markup } from './markup';

export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Content[])[];
}

/** A table that scrolls by itself where the screen is too narrow for it. The first cell of each row names the row. */
export function table({ caption, header, rows }: Table): Markup {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${header.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>`;
}

/** A table behind a line that opens it: the numbers a picture was drawn from. */
export function numbers(summary: string, content: Table): Markup {
  return html`<details><summary>${summary}</summary>${table(content)}</details>`;
}

function row([first, ...rest]: readonly Content[]): Markup {
  return html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
