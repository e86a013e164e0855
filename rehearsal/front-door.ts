import type { SystemModel } from '../lib/model/system';
import type { Listener } from './router/listener';
import type { Router } from './router/router';
import type { Rule } from './router/rule';
import type { TargetGroup } from './router/target-group';

/** What a service is reached by. */
export interface Entrances {
  readonly groups: readonly [TargetGroup, TargetGroup];
  readonly production: Listener;
  /** The front's test rule stands on a listener of its own, which only probes may reach. */
  readonly test: Listener;
}

export const PRODUCTION_RULE = 'production';
export const TEST_RULE = 'test';

/** Any value opens a test rule: only a canary's callers and the probes send the header. */
const RELEASE_HEADER = { name: 'x-release', value: '*' };

/**
 * Make the listeners of every web service, as release-path has them, all traffic on an empty first group.
 *
 * @param port of the users' entrance; 0 for a free one
 */
export async function openEntrances(
  router: Router,
  { services, front }: SystemModel,
  port: number,
): Promise<Readonly<Record<string, Entrances>>> {
  const webs = Object.values(services).filter(({ kind }) => kind === 'web');
  const opened = webs.map(async ({ name }) => [
    name,
    await (name === front ? openFront(router, name, port) : openInner(router, name)),
  ]);
  return Object.fromEntries(await Promise.all(opened));
}

async function openFront(router: Router, name: string, port: number): Promise<Entrances> {
  const { groups, production, test } = bornWith(router, name);
  return {
    groups,
    // The CDN takes the header away: a viewer must not choose the canary.
    production: await router.listen({ name, rules: [production], drop: [RELEASE_HEADER.name], port }),
    test: await router.listen({ name: `${name}-test`, rules: [test] }),
  };
}

async function openInner(router: Router, name: string): Promise<Entrances> {
  const { groups, production, test } = bornWith(router, name);
  const listener = await router.listen({ name, rules: [test, production] });
  return { groups, production: listener, test: listener };
}

interface Born {
  readonly groups: readonly [TargetGroup, TargetGroup];
  readonly production: Rule;
  readonly test: Rule;
}

function bornWith(router: Router, name: string): Born {
  const groups = [router.addGroup(`${name}-a`), router.addGroup(`${name}-b`)] as const;
  const weights = { [groups[0].name]: 1, [groups[1].name]: 0 };
  return {
    groups,
    production: { name: PRODUCTION_RULE, weights },
    test: { name: TEST_RULE, header: RELEASE_HEADER, weights },
  };
}
