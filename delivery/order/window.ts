import { type ReleaseWindow, WEEKDAYS, type Weekday } from '../../lib/model/delivery';

/**
 * Why nothing may be released now, or undefined if it may.
 *
 * @param now milliseconds since the epoch
 */
export function closedBecause(window: ReleaseWindow | undefined, now: number): string | undefined {
  if (window === undefined) return undefined;
  const { day, time } = localTime(window.timeZone, now);
  const isOpen = window.days.includes(day) && time >= window.from && time < window.to;
  if (isOpen) return undefined;
  return `it is ${day} ${time} in ${window.timeZone}; releases go out ${window.days.join(', ')} from ${window.from} to ${window.to}`;
}

function localTime(timeZone: string, now: number): { readonly day: Weekday; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
  const parts = Object.fromEntries(format.formatToParts(new Date(now)).map(({ type, value }) => [type, value]));
  const day = WEEKDAYS.find((known) => known === parts.weekday?.toLowerCase()) ?? 'sun';
  return { day, time: `${parts.hour}:${parts.minute}` };
}
