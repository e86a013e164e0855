export interface Origin {
  readonly release: string;
  readonly commit: string;
  readonly build: string;
  /** Image that every other is built on, with its digest: `node:24@sha256:…`. */
  readonly base: string;
}

/**
 * Where a release came from, as a SLSA provenance predicate.
 *
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function provenance({ release, commit, build, base }: Origin): object {
  const [name, digest = ''] = base.split('@sha256:');
  return {
    buildDefinition: {
      buildType: 'https://aws.amazon.com/codebuild/',
      externalParameters: { release },
      resolvedDependencies: [
        { uri: 'git+repository', digest: { gitCommit: commit } },
        { uri: `pkg:docker/${name}`, digest: { sha256: digest } },
      ],
    },
    runDetails: { builder: { id: 'codebuild' }, metadata: { invocationId: build } },
  };
}

interface Statement {
  readonly predicate?: {
    readonly buildDefinition?: {
      readonly resolvedDependencies?: readonly {
        readonly uri: string;
        readonly digest?: { readonly sha256?: string };
      }[];
    };
  };
}

const IMAGE = 'pkg:docker/';

/**
 * The base that an image was built on, as its signed provenance says.
 *
 * @param attested lines of `cosign verify-attestation`, one for each attestation
 * @throws Error in one line if none of them names a base
 */
export function baseIn(attested: string): string {
  const statements = attested
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(
      (line) =>
        JSON.parse(Buffer.from((JSON.parse(line) as { payload: string }).payload, 'base64').toString()) as Statement,
    );
  const dependencies = statements.flatMap(({ predicate }) => predicate?.buildDefinition?.resolvedDependencies ?? []);
  const found = dependencies.find(({ uri, digest }) => uri.startsWith(IMAGE) && digest?.sha256);
  if (found) return `${found.uri.slice(IMAGE.length)}@sha256:${found.digest!.sha256}`;
  throw new Error(
    `provenance: expected the image it was built on, got none; delete its images from the registry and build again`,
  );
}
