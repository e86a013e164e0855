/** An element of a page: its name and its attributes. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Elements that HTML never closes. */
const VOID = ['meta', '!doctype'];
const TAG = /<(\/?)([!a-z][a-z0-9-]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<>]*")?)*)\s*(\/?)>/g;

/**
 * All elements of a page, in order.
 *
 * @throws Error when a tag is not closed where it must be, or a `<` or `>` stands for itself
 */
export function elementsOf(page: string): readonly Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  const text = page.replace(/<style>[^<]*<\/style>/, '');
  for (const [tag, closing, name, attributes, selfClosing] of text.matchAll(TAG)) {
    if (closing) expectClosed(open.pop(), name!, tag);
    else {
      elements.push({ name: name!, attributes: attributesOf(attributes!) });
      if (!selfClosing && !VOID.includes(name!)) open.push(name!);
    }
  }
  if (open.length > 0) throw new Error(`expected every tag closed, got ${open.join(', ')} open at the end`);
  const stray = text.replaceAll(TAG, '').match(/.{0,40}[<>].{0,40}/);
  if (stray) throw new Error(`expected no < or > outside of tags, got ${stray[0]}`);
  return elements;
}

function expectClosed(opened: string | undefined, name: string, tag: string): void {
  if (opened !== name) throw new Error(`expected </${opened}>, got ${tag}`);
}

function attributesOf(text: string): Element['attributes'] {
  return Object.fromEntries([...text.matchAll(/([a-zA-Z][\w-]*)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
