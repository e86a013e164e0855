/**
 * Code of a CloudFront function that lets in only viewers from the given IPv4 addresses and ranges.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function allowListCode(addresses: readonly string[]): string {
  const ranges = addresses.map(rangeOf);
  return `
const RANGES = ${JSON.stringify(ranges)};
function handler(event) {
  const parts = event.viewer.ip.split('.');
  const ip = parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : -1;
  if (RANGES.some((range) => ip >= range[0] && ip <= range[1])) return event.request;
  return { statusCode: 403, statusDescription: 'Forbidden' };
}
`.trim();
}

/** First and last address as numbers. */
function rangeOf(address: string): readonly [number, number] {
  const [ip = '', bits = '32'] = address.split('/');
  const size = 2 ** (32 - Number(bits));
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return [first, first + size - 1];
}
