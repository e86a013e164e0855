/** Minutes and seconds: `0:42`, `12:05`. */
export function elapsedInWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
