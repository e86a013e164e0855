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
