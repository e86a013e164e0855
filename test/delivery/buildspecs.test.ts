import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { coach } from '../../systems/coach';
import { toolsTemplate } from '../stacks/delivery-accounts';

const FOLDER = join('delivery', 'buildspecs');

const phase = z.strictObject({
  'on-failure': z.literal('ABORT'),
  'runtime-versions': z.strictObject({ nodejs: z.int() }).optional(),
  commands: z.array(z.string()).min(1),
});

/** As much of a buildspec as ours use. @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
const buildspec = z.strictObject({
  version: z.literal(0.2),
  env: z.strictObject({
    shell: z.literal('bash'),
    'git-credential-helper': z.literal('yes').optional(),
    variables: z.record(z.string(), z.string()).optional(),
  }),
  phases: z.strictObject({ install: phase, pre_build: phase.optional(), build: phase }),
  artifacts: z.strictObject({ 'base-directory': z.string(), files: z.array(z.string()) }).optional(),
});

const specs = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const spec = parse(text) as z.infer<typeof buildspec>;
  const { install, pre_build, build } = spec.phases;
  const commands = [install, pre_build, build].flatMap((one) => one?.commands ?? []);
  return { file, text, spec, commands, script: commands.join('\n') };
});

const projects = Object.values(toolsTemplate(coach).Resources).flatMap(({ Type, Properties }) =>
  Type === 'AWS::CodeBuild::Project' ? [Properties] : [],
);

/** Names that a script is given by CodeBuild, by the action of the pipeline, or by its project. */
function given(file: string): readonly string[] {
  const project = projects.find(({ Source }) => Source.BuildSpec === `${FOLDER}/${file}`);
  const own = project.Environment.EnvironmentVariables.map(({ Name }: { Name: string }) => Name);
  return [...own, 'RELEASE', 'COMMIT', 'BRANCH', 'PWD', 'CODEBUILD_BUILD_ID', 'CODEBUILD_SRC_DIR_Record'];
}

/** In the image of CodeBuild. */
const IN_IMAGE = [
  ...['aws', 'base64', 'cat', 'chmod', 'curl', 'docker', 'git', 'jq', 'mkdir', 'npm', 'npx', 'rm', 'sed', 'sha256sum'],
  ...['test', 'touch', 'true', 'echo', 'exit', 'set'],
];
const KEYWORDS = ['for', 'do', 'done', 'if', 'then', 'else', 'fi', '!'];

/** The command words of a script: the first of each simple command, also of those inside `$( )`. */
function commandWords(script: string): readonly string[] {
  const inner = [...script.matchAll(/\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)].map(([, command = '']) => command);
  const plain = script.replaceAll(/'[^']*'|"(?:\$\([^()]*\)|[^"$]|\$(?!\())*"/g, 'TEXT');
  const pieces = plain.split(/\|\||&&|[|;\n]/).map((piece) => piece.trim().split(/\s+/));
  const words = pieces.map((piece) => piece.find((word) => !KEYWORDS.includes(word) && !/^\w+=/.test(word)) ?? '');
  const own = pieces.flatMap((piece, i) => (piece[0] === 'for' || words[i] === '' ? [] : words[i]!));
  return [...new Set([...own, ...inner.flatMap(commandWords)])].filter((word) => word !== 'TEXT');
}

test('every command of a script is looked at, in pipes, loops, conditions and substitutions too', () => {
  const script =
    'A=1 one "two" | three && four\nfor x in $Y; do five "$(six "$x")" || seven; done\nif eight; then nine; fi';

  expect([...commandWords(script)].sort()).toEqual(
    ['one', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].sort(),
  );
});

describe.each(specs)('$file', ({ file, spec, script, commands }) => {
  test('is a buildspec, and stops at the first phase that fails', () => {
    expect(buildspec.safeParse(spec).error?.issues ?? []).toEqual([]);
  });

  test('is what a project of every pipeline runs', () => {
    const runs = projects.filter(({ Source }) => Source.BuildSpec === `${FOLDER}/${file}`);

    expect(runs).toHaveLength(Object.keys(coach.delivery.pipelines).length);
  });

  test('is shell that parses, and a block of it stops where a command in it fails', () => {
    for (const command of commands) {
      expect(spawnSync('bash', ['-n'], { input: command, encoding: 'utf8' }).stderr).toBe('');
      if (command.includes('\n')) expect(command).toMatch(/^set -euo pipefail\n/);
    }
  });

  test('calls what is in the image, or what it has installed and checked', () => {
    const installed = [...script.matchAll(/sha256sum --check/g)].length > 0 ? ['cosign'] : [];
    const variables = Object.keys(spec.env.variables ?? {}).map((name) => `$${name}`);

    expect(commandWords(script).filter((word) => ![...IN_IMAGE, ...installed, ...variables].includes(word))).toEqual(
      [],
    );
  });

  test('runs npm scripts that exist, and programs that are dependencies', () => {
    const { scripts, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const named = [...script.matchAll(/npm (?:--silent )?run ([\w:-]+)/g)].map(([, name = '']) => name);
    const programs = [...script.matchAll(/npx (\w+)/g)].map(([, name]) => name);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(programs.filter((name) => name !== 'cdk')).toEqual([]);
    expect(devDependencies).toHaveProperty('aws-cdk');
  });

  test('uses no variable that nobody sets', () => {
    const used = [...script.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
    const set = [...script.matchAll(/(?:^|\s)(?:for )?([A-Za-z_]\w*)(?:=| in )/g)].map(([, name = '']) => name);
    const known = [...given(file), ...Object.keys(spec.env.variables ?? {}), ...set];
    const inJq = [...script.matchAll(/--arg (\w+)/g)].map(([, name = '']) => name);

    expect([...new Set(used)].filter((name) => ![...known, ...inJq].includes(name))).toEqual([]);
  });

  test('reads files that the repository has', () => {
    const paths = [...script.matchAll(/\breference\/[\w./-]+/g)].map(([path]) => path);

    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('fetches by digest or checksum alone', () => {
    const { variables = {} } = spec.env;
    const images = Object.values(variables).filter((value) => value.startsWith('anchore/'));
    for (const image of images) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    const downloads = [...script.matchAll(/^curl .*--output (\S+)/gm)].map(([, path]) => path);
    for (const path of downloads)
      expect(script).toMatch(new RegExp(`^echo "\\$\\w+_SHA256 {2}${path}" \\| sha256sum --check --strict$`, 'm'));
    expect(script).not.toMatch(/:latest|curl .*\| *(ba)?sh/);
    for (const [name, value] of Object.entries(variables))
      if (name.endsWith('_SHA256')) expect(value).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the images', () => {
  const { script, spec } = specs.find(({ file }) => file === 'images.yml')!;
  const at = (text: string) => script.indexOf(text);

  test('a severe finding that can be fixed ends the build', () => {
    expect(script).toContain('--only-fixed --fail-on "$SEVERITY"');
    expect(spec.env.variables?.SEVERITY).toBe('critical');
  });

  test('are built on the same base, by its digest', () => {
    expect(script).toContain('NODE_IMAGE=$base@$digest');
  });

  test('the templates are made of the very record that goes with them', () => {
    expect(at('release-record -- write')).toBeLessThan(at('npx cdk synth'));
    expect(script).toContain('--context release=record/release.json --output record/assembly');
    expect(spec.artifacts?.['base-directory']).toBe('record');
  });
});
