import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const { env, phases } = parse(readFileSync(join('delivery', 'buildspecs', 'images.yml'), 'utf8'));
/**
 * The programs that a build calls, as functions of the shell: each notes that it was called, and with what. `aws` knows the images in
 * `registry`; `cosign` finds the signatures in `signed`; grype finds something in what stands in `findings`.
 */
const PAPER = `
noted() { printf '%s\\n' "$*" >> calls; }
among() { case " $(< "$1") " in *" $2 "*) true ;; *) false ;; esac; }
aws() { noted aws "$@"; test "$2" != describe-images || { among registry "\${4#coach/}" && echo "sha256:\${4#coach/}"; }; }
cosign() {
  noted cosign "$@"
  local ref="\${!#}"
  case "$1" in
    verify) among signed "\${ref##*@sha256:}" ;;
    verify-attestation) cat attested 2> /dev/null ;;
  esac
}
docker() {
  noted docker "$@"
  case "$*" in
    "buildx imagetools"*) echo sha256:base ;;
    *--fail-on*) local file="\${!#}"; file="\${file##*/}"; ! among findings "\${file%.json}" ;;
    inspect*) echo "registry/coach@sha256:of-\${!#}" ;;
  esac
}
git() { noted git "$@"; case "$1" in describe) test ! -f untagged && echo v1 ;; esac; }
npm() { noted npm "$@"; }
npx() { noted npx "$@"; }
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-build-'));
  writeFileSync(join(folder, 'programs'), PAPER);
  for (const file of ['registry', 'signed', 'findings', 'calls']) writeFileSync(join(folder, file), '');
  mkdirSync(join(folder, 'reference'));
  cpSync(join('reference', 'Dockerfile'), join(folder, 'reference', 'Dockerfile'));
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly failed: string | undefined;
  readonly calls: readonly string[];
}

/** Carry the commands out as CodeBuild does, one after the other in one folder, up to the first that fails. */
function build(variables: Record<string, string> = {}): Run {
  const told = {
    ...{ SYSTEM: 'coach', ENVIRONMENT: 'prod', IMAGES: 'edge ai', REGISTRY: 'registry', SIGNING_KEY: 'awskms:///k' },
    ...{ COMMIT: 'c0ffee', RELEASE: 'v2', CODEBUILD_BUILD_ID: 'b', SIGN: 'yes', TAG_PREFIX: '', ...env.variables },
    ...{ PATH: process.env.PATH, ...variables },
  };
  const options: SpawnSyncOptionsWithStringEncoding = {
    cwd: folder,
    env: told,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  for (const command of [...phases.pre_build.commands, ...phases.build.commands]) {
    const { status, stdout } = spawnSync('bash', ['--norc', '-c', `. ./programs\n${command}`], options);
    if (status !== 0) return { failed: stdout, calls: callsSoFar() };
  }
  return { failed: undefined, calls: callsSoFar() };
}

function callsSoFar(): readonly string[] {
  return readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean);
}

const having = ({ calls }: Run, text: string) => calls.filter((call) => call.includes(text));

describe('the images of a commit', () => {
  test('that nobody built are built, tried, scanned, pushed and signed, each after the other', () => {
    const run = build();

    expect(run.failed).toBeUndefined();
    const first = (text: string) => run.calls.findIndex((call) => call.includes(text));
    const order = [
      ...['build --build-arg', 'up --no-build', 'anchore/syft', 'anchore/grype', 'docker push', 'cosign sign'],
      ...['release-record -- built', 'release-record -- write', 'cdk synth', 'cosign attest'],
    ].map(first);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(having(run, 'docker push')).toEqual([
      'docker push --quiet registry/coach/edge:c0ffee',
      'docker push --quiet registry/coach/ai:c0ffee',
    ]);
  });

  test('in which something severe is found are neither pushed nor signed', () => {
    writeFileSync(join(folder, 'findings'), 'ai');
    const run = build();

    expect(run.failed).toBe('');
    expect([...having(run, 'docker push'), ...having(run, 'cosign sign')]).toEqual([]);
  });

  test('that are there with our signature are scanned again, and not built', () => {
    writeFileSync(join(folder, 'registry'), 'edge ai');
    writeFileSync(join(folder, 'signed'), 'edge ai');
    const run = build();

    expect(run.failed).toBeUndefined();
    expect(having(run, 'anchore/grype')).toHaveLength(2);
    for (const text of ['build --build-arg', 'up --no-build', 'docker push', 'cosign sign'])
      expect(having(run, text)).toEqual([]);
  });

  test('of an earlier run keep the base of that run, though its tag means another one by now', () => {
    writeFileSync(join(folder, 'registry'), 'edge ai');
    writeFileSync(join(folder, 'signed'), 'edge ai');
    writeFileSync(join(folder, 'attested'), 'as cosign says it');
    const run = build();

    expect(run.failed).toBeUndefined();
    expect(having(run, '-- base')).toEqual(['npm --silent run release-record -- base --attested work/attested']);
  });

  test('that somebody else pushed under the name of this commit are not believed', () => {
    writeFileSync(join(folder, 'registry'), 'edge ai');
    writeFileSync(join(folder, 'signed'), 'edge');
    const run = build();

    expect(run.failed).toBe(
      'coach/ai:c0ffee: expected an image signed here, got one that is not; delete it from the registry and build again\n',
    );
    expect(having(run, 'docker')).toEqual([expect.stringContaining('docker login')]);
  });

  test('of a pull request bear its mark and no signature', () => {
    const run = build({ SIGN: 'no', TAG_PREFIX: 'pr-' });

    expect(run.failed).toBeUndefined();
    expect(having(run, 'docker push').every((call) => call.endsWith(':pr-c0ffee'))).toBe(true);
    expect(having(run, 'cosign')).toEqual([]);
  });

  test('know every migration as a new one where nothing was tagged yet', () => {
    writeFileSync(join(folder, 'untagged'), '');
    const run = build();

    expect(run.failed).toBeUndefined();
    expect(readFileSync(join(folder, 'work', 'before'), 'utf8')).toBe('');
    expect(having(run, '-- built')).toEqual([
      'npm --silent run release-record -- built --commit c0ffee --record record',
    ]);
  });
});
