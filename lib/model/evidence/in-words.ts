/** A chance in percent with three digits: `26.5 %`, `0.2 %`. */
export function percent(chance: number): string {
  return `${Number((100 * chance).toPrecision(3))} %`;
}

/** Whole numbers as they are; chances with two decimals, or three where the third counts. */
export function inDecimals(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3).replace(/0$/, '');
}

/** A chance that is too small, so that it does not read as if it were not: `0.81`, but `0.949` below 0.95. */
export function shortOf(enough: number, chance: number): string {
  const roundings = [2, 3, 4].map((digits) => chance.toFixed(digits));
  return roundings.find((rounded) => Number(rounded) < enough) ?? `just under ${enough}`;
}
