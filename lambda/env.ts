/** @throws Error naming the variable, so that a function that is wired wrongly never starts */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `environment variable ${name}: expected a value, got nothing; set it where the function is defined`,
    );
  return value;
}
