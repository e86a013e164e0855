import { describe, expect, test } from '@jest/globals';
import { resolveDelivery, windowCron } from '../../lib/model/pipelines';
import { resolve } from '../../lib/model/resolve';
import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';

const config: SystemConfig = coach;
const delivery = config.delivery!;
const written = (change: object): SystemConfig => ({ ...config, delivery: { ...delivery, ...change } as never });
const pipelines = (change: object) => written({ pipelines: { ...delivery.pipelines, ...change } });
const tag = { on: 'tag', tags: ['v*'] } as const;

describe('resolveDelivery', () => {
  test('a system that names no delivery has none', () => {
    expect(resolveDelivery({ ...config, delivery: undefined })).toBeUndefined();
  });

  test('an environment gets a pipeline only where one is written, in the order of the environments', () => {
    const { prod, dev } = delivery.pipelines;
    const model = resolveDelivery(written({ pipelines: { prod, dev } }));

    expect(model?.pipelines.map(({ env, trigger }) => `${env}: ${trigger.on}`)).toEqual([
      'dev: pull-request',
      'prod: tag',
    ]);
  });

  test('a repository for every image that a service or a task runs, each once', () => {
    expect(resolveDelivery(config)?.images).toEqual(['edge', 'core', 'ai', 'worker', 'migrate', 'seed']);
  });

  test('branches of any name and an approval are data', () => {
    const model = resolveDelivery(
      written({
        repository: { ...delivery.repository, branch: 'main' },
        pipelines: {
          staging: { trigger: { on: 'push', branches: ['development'] } },
          prod: { trigger: { on: 'push', branches: ['main'] }, approval: true },
        },
      }),
    );

    expect(model?.pipelines.map(({ env, trigger, approval }) => ({ env, trigger, approval }))).toEqual([
      { env: 'staging', trigger: { on: 'push', branches: ['development'] }, approval: false },
      { env: 'prod', trigger: { on: 'push', branches: ['main'] }, approval: true },
    ]);
  });

  test('everything that is wrong between fields is said at once', () => {
    const wrong = pipelines({
      staging: { trigger: { on: 'pull-request', into: ['main'] } },
      prod: { trigger: tag, window: { timeZone: 'Asia/Singapur', days: ['mon'], from: '17:00', to: '09:00' } },
    });

    expect(() => resolveDelivery({ ...wrong, registry: undefined })).toThrow(
      [
        'coach/delivery: registry: expected account and region of the registry, where the pipelines live too, got nothing; add it to the system',
        'coach/delivery: delivery.pipelines.staging.trigger: expected what starts no other pipeline; dev has it already, got "pull-request main"; give one of them another branch or tag',
        'coach/delivery: delivery.pipelines.prod.window.to: expected a time after 17:00, got "09:00"; end it on the same day',
        'coach/delivery: delivery.pipelines.prod.window.timeZone: expected an IANA name, e.g. "Asia/Singapore", got "Asia/Singapur"; mend the spelling',
      ].join('\n'),
    );
  });

  test('a delivery without a pipeline is refused', () => {
    expect(() => resolveDelivery(written({ pipelines: {} }))).toThrow(
      'coach/delivery: delivery.pipelines: expected at least one of dev, staging, prod, got {}; add a pipeline, or leave delivery out',
    );
  });

  test('what is misspelt is named with its path, with everything else about the system', () => {
    const misspelt = pipelines({ prod: { trigger: { on: 'tag', tags: [] }, aproval: true } });

    expect(() => resolve(misspelt, 'prod')).toThrow(
      [
        'coach: delivery.pipelines.prod.trigger.tags: expected at least one pattern, got []; change it',
        'coach: delivery.pipelines.prod.aproval: expected no such field, got true; mend the spelling, or leave it out',
      ].join('\n'),
    );
  });
});

describe('windowCron', () => {
  const window = { timeZone: 'Asia/Singapore', days: ['mon', 'fri'], from: '09:00', to: '17:00' } as const;

  test.each([
    ['09:00', '17:00', '* * 9-16 ? * MON,FRI'],
    ['09:30', '17:00', '* * 9-16 ? * MON,FRI'],
    ['09:00', '17:30', '* * 9-17 ? * MON,FRI'],
    ['00:00', '01:00', '* * 0-0 ? * MON,FRI'],
  ])('%s to %s touches the hours of %s', (from, to, cron) => {
    expect(windowCron({ ...window, from, to })).toBe(cron);
  });
});
