/** What a function wrote, as far as it is a line of JSON with a message. */
export function logged(line: string): { readonly message?: string; readonly error?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
