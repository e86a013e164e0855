import { RemovalPolicy } from 'aws-cdk-lib';
import type { PipelineProject } from 'aws-cdk-lib/aws-codebuild';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from '../acknowledge';

export interface ImageRepositoriesProps {
  /** First part of every repository's name. */
  readonly prefix: string;
  readonly images: readonly string[];
  readonly key: IKey;
  /** Accounts whose tasks pull from here. */
  readonly accounts: readonly string[];
}

/** Images of pull requests, by their tags' first letters, and how many are kept. */
export const PULL_REQUEST_TAG = 'pr-';
const PULL_REQUESTS_KEPT = 50;
/** Of commits and tags; each has a signature and an attestation beside it, so this is a third as many releases. */
const IMAGES_KEPT = 300;

const SIGNS_IN: Accepted = {
  ids: ['AwsSolutions-IAM5[Resource::*]'],
  why: 'ecr:GetAuthorizationToken, by which Docker signs in to the registry, knows no resource.',
  instead: 'pushing and pulling are bound to the repositories of this system.',
  again: 'when the action takes a resource.',
};

/** A repository for each image. A tag once pushed never means something else. */
export class ImageRepositories extends Construct {
  readonly repositories: readonly Repository[];

  constructor(scope: Construct, id: string, { prefix, images, key, accounts }: ImageRepositoriesProps) {
    super(scope, id);
    this.repositories = images.map((image) => {
      const repository = new Repository(this, image, {
        repositoryName: `${prefix}/${image}`,
        ...{ imageTagMutability: TagMutability.IMMUTABLE, imageScanOnPush: true },
        ...{ encryption: RepositoryEncryption.KMS, encryptionKey: key, removalPolicy: RemovalPolicy.RETAIN },
        lifecycleRules: [
          {
            ...{ rulePriority: 1, tagStatus: TagStatus.TAGGED, tagPrefixList: [PULL_REQUEST_TAG] },
            ...{ maxImageCount: PULL_REQUESTS_KEPT, description: 'the last pull requests' },
          },
          {
            ...{ rulePriority: 2, tagStatus: TagStatus.ANY },
            ...{ maxImageCount: IMAGES_KEPT, description: 'the last releases, with their signatures' },
          },
        ],
      });
      for (const account of accounts) repository.grantPull(new AccountPrincipal(account));
      return repository;
    });
  }

  grantPublish(project: PipelineProject): void {
    for (const repository of this.repositories) {
      repository.grantPullPush(project);
      repository.grant(project, 'ecr:DescribeImages');
    }
    acknowledge(project, SIGNS_IN);
  }

  grantRead(project: PipelineProject): void {
    for (const repository of this.repositories) repository.grantPull(project);
    acknowledge(project, SIGNS_IN);
  }
}
