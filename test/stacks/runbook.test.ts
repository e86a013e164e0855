import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { assemble } from '../../bin/validate/assembly';
import { all } from '../../bin/validate/resources';
import { coach } from '../../systems/coach';

const sections = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name);
const assemblies = (['dev', 'prod'] as const).map((env) => assemble(coach, env));
const alarms = assemblies.flatMap((assembly) =>
  all(assembly, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties),
);

test('every alarm leads to a section of the runbook, and every section is led to', () => {
  const named = alarms.map(({ AlarmDescription }) => /Runbook: ([a-z-]+)$/.exec(AlarmDescription)?.[1]);

  expect(sections).toEqual(expect.arrayContaining([...new Set(named)]));
  expect(sections.filter((name) => !named.includes(name))).toEqual([]);
});

test('every alarm of ours tells somebody', () => {
  const silent = alarms.filter(({ AlarmActions = [] }) => AlarmActions.length === 0);

  expect(silent.map(({ AlarmName }) => AlarmName)).toEqual([]);
});

test('the alarms that the design asks for are there in prod', () => {
  const names = alarms.map(({ AlarmName }) => AlarmName);

  for (const name of [
    ...['delivery-lag', 'queue-import', 'queue-import-silent', 'edge-errors', 'db-cpu', 'db-locks', 'db-storage'],
    ...[
      'cache-evictions',
      'cache-memory',
      'slo-login',
      'slo-reflect',
      'slo-import',
      'slo-success',
      'slo-ai',
      'core-latency',
    ],
  ])
    expect(names).toContain(`coach-prod-${name}`);
});

test('the dashboard shows both arms of every probe, and the evidence', () => {
  const prod = assemblies[1]!;
  const [dashboard] = all(prod, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);

  for (const probe of ['login', 'reflect', 'import', 'success', 'ai'])
    expect(body).toContain(`${probe}: share of breaches`);
  for (const part of ['canary', 'stable', 'RollbackEvidence', 'ReleaseAbort']) expect(body).toContain(part);
});
