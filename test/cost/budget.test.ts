import { expect, test } from '@jest/globals';
import { costOf } from '../../bin/cost/command';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES } from '../../lib/model/system';
import { coach } from '../../systems/coach';

test.each(ENV_NAMES)('coach in %s costs no more than its budget, and nothing in it is without a price', (env) => {
  const model = resolve(coach, env);
  const { usd, unpriced, lines } = costOf(model);

  expect(unpriced).toEqual([]);
  expect(usd).toBeLessThanOrEqual(model.tier.monthlyBudgetUsd);
  // Sum of the lines the bill rests on: a template that lost its database would be cheap.
  expect(lines.map(({ item }) => item)).toEqual(
    expect.arrayContaining(['fargate.arm64.vcpu', 'alb', expect.stringMatching(/^rds\.postgres\./)]),
  );
});
