/** Whether one text is matched by both patterns of `*` and `?`. Case does not matter, as in IAM's actions. */
export function overlap(a: string, b: string): boolean {
  return meet(a.toLowerCase(), b.toLowerCase());
}

/** Whether every text that a pattern matches is matched by the wider one. Says no where it cannot tell. */
export function covers(wider: string, pattern: string): boolean {
  const escaped = wider.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '[^*]')}$`, 's').test(pattern.toLowerCase());
}

function meet(a: string, b: string): boolean {
  if (a === '' || b === '') return /^\**$/.test(a + b);
  if (a[0] === '*') return meet(a.slice(1), b) || meet(a, b.slice(1));
  if (b[0] === '*') return meet(b, a);
  return (a[0] === b[0] || a[0] === '?' || b[0] === '?') && meet(a.slice(1), b.slice(1));
}
