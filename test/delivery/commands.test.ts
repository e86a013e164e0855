import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-commands-'));
  writeFileSync(join(folder, '0001_expand_x.sql'), 'create table a (x int);\ndrop table b;\n');
  const rule = {
    Action: 'Modify',
    LogicalResourceId: 'Rule',
    ResourceType: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  };
  const task = { Action: 'Modify', LogicalResourceId: 'Task', ResourceType: 'AWS::ECS::TaskDefinition' };
  for (const [name, change] of [
    ['bad', rule],
    ['good', task],
  ] as const)
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify({
        StackName: 'coach-prod-edge',
        Status: 'CREATE_COMPLETE',
        Changes: [{ ResourceChange: change }],
      }),
    );
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync('node', ['bin/run.mjs', ...args], { encoding: 'utf8' });
  return { stdout: stdout.replaceAll(folder, 'FOLDER'), stderr: stderr.replaceAll(folder, 'FOLDER'), status };
}

describe('npm run lint:migrations', () => {
  test("finds nothing against coach's own", () => {
    expect(run('lint-migrations')).toMatchObject({ stderr: '', status: 0 });
  });

  test('tells each finding in a line, and fails', () => {
    expect(run('lint-migrations', folder)).toEqual({
      stdout:
        'FOLDER/0001_expand_x.sql:2: drop table b: expected what the running release may use to stay, got drop of table b; drop it in a contract migration, a release of its own\n' +
        'FOLDER: 1 migration, 1 against them\n',
      stderr: '',
      status: 1,
    });
  });

  test('tells them as JSON', () => {
    expect(JSON.parse(run('lint-migrations', folder, '--json').stdout)).toMatchObject([
      { file: '0001_expand_x.sql', line: 2, reason: 'breaks' },
    ]);
  });

  test('needs a folder with migrations in it', () => {
    expect(run('lint-migrations', 'nowhere')).toEqual({
      stdout: '',
      stderr: 'nowhere: expected a folder with .sql files, got nothing; name the folder of migrations\n',
      status: 1,
    });
  });
});

describe('npm run preflight', () => {
  test('lets a release through', () => {
    expect(run('preflight', join(folder, 'good.json'))).toEqual({
      ...{ stdout: '1 change in coach-prod-edge: nothing against them\n', stderr: '', status: 0 },
    });
  });

  test('names the resource that must not change, of every change set given', () => {
    const { stdout, status } = run('preflight', join(folder, 'good.json'), join(folder, 'bad.json'));
    expect(stdout).toMatch(
      /^coach-prod-edge: Rule \(AWS::ElasticLoadBalancingV2::ListenerRule\): expected it to stay as it is, /,
    );
    expect(stdout).toMatch(/\n2 changes in coach-prod-edge, coach-prod-edge: 1 against them\n$/);
    expect(status).toBe(1);
  });

  test.each([
    [[], 'preflight: expected files or --stack and --change-set, got none; see --help\n'],
    [['--stack', 'x'], '--change-set: expected a name beside --stack, got none; name it\n'],
    [['nowhere.json'], 'nowhere.json: expected a file, got nothing; give what describe-change-set answered\n'],
  ])('refuses %j in one line', (args, stderr) => {
    expect(run('preflight', ...args)).toEqual({ stdout: '', stderr, status: 1 });
  });
});
