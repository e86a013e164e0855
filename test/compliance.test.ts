import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { findingsOf } from '../bin/compliance/findings';
import { asHtml } from '../bin/compliance/page';
import { defineSystem } from '../lib/app';
import { checkCompliance } from '../lib/compliance';
import { ACCEPTED, type Accepted } from '../lib/constructs/acknowledge';
import { builtImages } from '../lib/constructs/images';
import { resolve } from '../lib/model/resolve';
import { ENV_NAMES, type EnvName } from '../lib/model/system';
import { coach } from '../systems/coach';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

function app(env: EnvName): App {
  const made = new App({ context });
  defineSystem(made, resolve(coach, env), builtImages());
  return made;
}

describe.each(ENV_NAMES)('%s', (env) => {
  test('holds both packs: synth does not fail with them', () => {
    const made = app(env);
    checkCompliance(made);

    expect(() => made.synth()).not.toThrow();
  });
});

describe('the report', () => {
  const findings = findingsOf(coach);
  const places = ['dev', 'staging', 'prod', 'standby', 'tools'];

  test('has a reason for each finding of every account and region', () => {
    expect([...new Set(findings.map(({ env }) => env))]).toEqual(places);
    expect(findings.filter(({ accepted }) => !accepted)).toEqual([]);
  });

  test('tells every resource, and those of one rule and reason together', () => {
    const page = asHtml(findings);

    for (const place of places) {
      const here = findings.filter(({ env }) => env === place);
      expect(page).toContain(`coach ${place} (${here.length})`);
      for (const { resource } of here) expect(page).toContain(`<code>${resource}</code>`);
    }
    expect(page.match(/<article>/g)!.length).toBeLessThan(findings.length / 2);
  });

  test('begins with what nobody has given a reason for', () => {
    const [first, ...rest] = findings;
    const page = asHtml([{ ...first!, accepted: undefined }, ...rest]);

    expect(page).toContain('<strong>1 without a reason</strong>');
    expect(page.indexOf('Without a reason (1)')).toBeLessThan(page.indexOf('coach dev ('));
  });
});

test('every reason says why, what instead, and when to look again, in sentences', () => {
  const accepted = app('prod')
    .node.findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === ACCEPTED).map(({ data }) => data as Accepted));

  expect(accepted.length).toBeGreaterThan(20);
  for (const { ids, why, instead, again } of accepted) {
    for (const id of ids) expect(id).toMatch(/^(AwsSolutions-|NIST\.800\.53\.R5-|CloudFormation-Validate::)\w/);
    for (const text of [why, instead, again]) expect(text).toMatch(/^\w.{10,}\.$/);
  }
});
