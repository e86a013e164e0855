/** How every key, channel and queue begins: `?prefix=` of the URL, for those who share a server with others; nothing without it. */
export function prefixOf(url: string): string {
  return new URL(url).searchParams.get('prefix') ?? '';
}
