/**
 * One event as one line of JSON, which is how CloudWatch Logs finds it again. Errors keep their message, never their arguments.
 */
export function writeLog(message: string, fields: Readonly<Record<string, unknown>>): void {
  const readable = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? String(value) : value,
  ]);
  process.stdout.write(
    `${JSON.stringify({ message, at: new Date().toISOString(), ...Object.fromEntries(readable) })}\n`,
  );
}
