import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A service of docker-compose.test.yml, as far as a test looks at it. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly target: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

export function composeServices(): Readonly<Record<string, ComposeService>> {
  return parse(readFileSync('reference/docker-compose.test.yml', 'utf8'), { merge: true }).services;
}

/** Stages of the Dockerfile: each one's lines, and the stage or image it stands on. */
export function dockerStages(): ReadonlyMap<string, { readonly from: string; readonly lines: readonly string[] }> {
  const [, ...stages] = readFileSync('reference/Dockerfile', 'utf8').split(/^FROM /m);
  return new Map(
    stages.map((stage) => {
      const [first = '', ...lines] = stage.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const [, from = '', name = ''] = /^(?:--platform=\S+ )?(\S+) AS (\S+)$/.exec(first) ?? [];
      return [name, { from, lines }];
    }),
  );
}
