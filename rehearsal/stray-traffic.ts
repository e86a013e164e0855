import type { TimedHappening } from '../lambda/report/story';
import type { ReleaseResult } from './release-run';

interface Served {
  readonly release: string;
  readonly outcome: ReleaseResult['outcome'];
  /** The service that users reach. */
  readonly front: string;
  /** Percent of the users that a release may have before its promotion. */
  readonly share: number;
}

/**
 * Where the traffic was not what an outcome says: the router's weights, not the gate's word for it.
 *
 * @param timeline of the release alone
 * @returns a sentence for each service that is wrong; none if all is well
 */
export function strayTraffic(timeline: readonly TimedHappening[], served: Served): readonly string[] {
  const { release, outcome, front, share } = served;
  const weights = new Map<string, number[]>([[front, []]]);
  for (const happening of timeline) {
    if (happening.kind !== 'weight' || happening.release !== release) continue;
    weights.set(happening.service, [...(weights.get(happening.service) ?? []), happening.percent]);
  }
  const atEnd = outcome === 'promoted' ? 100 : 0;
  return [...weights].flatMap(([service, percents]) => {
    const last = percents.at(-1) ?? 0;
    const most = Math.max(0, ...percents);
    return [
      ...(last === atEnd ? [] : [`${service} of ${release} serves ${last} % of the users after it was ${outcome}`]),
      ...(service === front && outcome === 'rolled back' && most > share
        ? [`${service} of ${release} had ${most} % of the users, more than its share of ${share} %`]
        : []),
    ];
  });
}
