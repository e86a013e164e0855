import { Arn, ArnFormat, FileSystem, IgnoreMode, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Release } from '../model/release';

/** Where the images of a release come from, and which release they are. */
export interface Images {
  /** @returns the image of a service or task, and the id of the release it is part of */
  of(scope: Construct, name: string): { readonly image: ContainerImage; readonly release: string };
}

export interface Registry {
  readonly account: string;
  readonly region: string;
  /** First part of a repository's name. */
  readonly prefix: string;
}

/** By digest from the registry: what was tested is what runs. */
export function publishedImages(release: Release, { account, region, prefix }: Registry): Images {
  return {
    of: (scope, name) => {
      const digest = release.digests[name];
      if (!digest)
        throw new Error(
          `release ${release.id}: digests.${name}: expected the digest of its image, got nothing; build and publish it with the others`,
        );
      const repositoryName = `${prefix}/${name}`;
      const repositoryArn = Arn.format(
        {
          ...{ service: 'ecr', resource: 'repository', resourceName: repositoryName, account, region },
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        },
        Stack.of(scope),
      );
      const repository = Repository.fromRepositoryAttributes(scope, `Image-${name}`, { repositoryArn, repositoryName });
      return { image: ContainerImage.fromEcrRepository(repository, digest), release: release.id };
    },
  };
}

/** What goes into the images; everything else in the folder stays out of their hash. */
const SOURCES = ['reference', 'package.json', 'package-lock.json'];
const SELECTION = {
  exclude: ['**', ...SOURCES.map((source) => `!${source}`), '!reference/**'],
  ignoreMode: IgnoreMode.DOCKER,
};

/** Built from the reference services where the app is deployed from, for a first deploy without a registry. */
export function builtImages(): Images {
  const directory = process.cwd();
  const release = `build-${FileSystem.fingerprint(directory, SELECTION).slice(0, 12)}`;
  return {
    of: (scope, name) => {
      const asset = new DockerImageAsset(scope, `Image-${name}`, {
        ...{ directory, file: 'reference/Dockerfile', target: name, platform: Platform.LINUX_ARM64, assetName: name },
        ...SELECTION,
      });
      return { image: ContainerImage.fromDockerImageAsset(asset), release };
    },
  };
}
