import type { Accepted } from '../acknowledge';

/** The findings that rights on resources with a wildcard make, each by its own id. */
export function wildcards(resources: readonly string[], reason: Omit<Accepted, 'ids'>): Accepted {
  const ids = resources
    .filter((resource) => resource.includes('*'))
    .map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`);
  return { ids: [...new Set(ids)], ...reason };
}
