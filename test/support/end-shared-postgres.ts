// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function end(): Promise<void> {
  await globalThis.endSharedPostgres?.();
}
