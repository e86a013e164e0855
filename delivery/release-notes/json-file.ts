import type { z } from 'zod';

/** @throws Error in one line, with the first thing that is not as expected */
export function readJson<T>(schema: z.ZodType<T>, file: string, text: string, expected: string): T {
  const { data, error } = schema.safeParse(parsed(file, text, expected));
  if (data !== undefined) return data;
  const [issue] = error!.issues;
  const at = issue!.path.length > 0 ? ` at ${issue!.path.join('.')}` : '';
  throw new Error(`${file}: expected ${expected}, got another JSON${at}: ${issue!.message}; give the tool's own JSON`);
}

function parsed(file: string, text: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file}: expected ${expected}, got no JSON; give the tool's own JSON`);
  }
}
