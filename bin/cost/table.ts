import type { Bill, Line } from '../../cost/bill';

/** What one price item costs in a stack, over all its resources. */
interface Row {
  readonly stack: string;
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
  readonly confidence: string;
  readonly assumed: string;
}

/** A bill, the dearest first, with where each price and each assumed quantity comes from. */
export function billTable(name: string, bill: Bill): string {
  const rows = rowsOf([...bill.lines, ...bill.allowances]).sort((a, b) => b.usd - a.usd);
  const cells = rows.map(({ stack, item, quantity, unit, usd, confidence, assumed }) => [
    dollars(usd),
    item,
    `${amount(quantity)} ${unit}`,
    confidence,
    stack,
    assumed,
  ]);
  const head = ['USD', 'price', 'quantity', 'sure', 'stack', 'assumed'];
  return `${name}, a month\n\n${aligned([head, ...cells])}\n\n${dollars(bill.usd)} USD\n${unpriced(bill)}`;
}

/** Items whose cost differs between two environments. */
export function differenceTable(one: Named, other: Named): string {
  const [left, right] = [byItem(one.bill), byItem(other.bill)];
  const items = [...new Set([...left.keys(), ...right.keys()])];
  const rows = items
    .map((item) => ({ item, left: left.get(item) ?? 0, right: right.get(item) ?? 0 }))
    .filter(({ left: a, right: b }) => Math.abs(a - b) >= 0.005)
    .sort((a, b) => Math.abs(b.left - b.right) - Math.abs(a.left - a.right));
  const cells = rows.map(({ item, left: a, right: b }) => [dollars(a), dollars(b), dollars(a - b), item]);
  const total = [dollars(one.bill.usd), dollars(other.bill.usd), dollars(one.bill.usd - other.bill.usd), 'total'];
  return `${aligned([[one.env, other.env, 'more', 'price'], ...cells, total])}\n${unpriced(one.bill)}`;
}

interface Named {
  readonly env: string;
  readonly bill: Bill;
}

function rowsOf(lines: readonly Line[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { stack, item, quantity, unit, usd, confidence, assumed = '' } of lines) {
    const key = `${stack} ${item} ${assumed}`;
    const before = rows.get(key) ?? { stack, item, unit, confidence, assumed, quantity: 0, usd: 0 };
    rows.set(key, { ...before, quantity: before.quantity + quantity, usd: before.usd + usd });
  }
  return [...rows.values()];
}

function byItem({ lines, allowances }: Bill): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { item, usd } of [...lines, ...allowances]) sums.set(item, (sums.get(item) ?? 0) + usd);
  return sums;
}

/** Named, and never counted as nothing. */
function unpriced({ unpriced: resources }: Bill): string {
  if (resources.length === 0) return '';
  const lines = resources.map(({ type, path }) => `  ${type}  ${path}`);
  return `\nNot priced, and not in the sum:\n${lines.join('\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number): string {
  return /^-?[\d.]+$/.test(cell) || cell === 'USD' ? cell.padStart(width) : cell.padEnd(width);
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

function amount(quantity: number): string {
  return String(Number(quantity.toPrecision(4)));
}
