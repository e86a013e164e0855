import type { Pricer } from '../charges';

const ACTION_MINUTES = 60;
const BUILD_MINUTES = 10;

const pipeline: Pricer = (_, { usage: { releases } }) => [
  {
    item: 'codepipeline.v2',
    quantity: releases * ACTION_MINUTES,
    assumed: `${releases} releases of ${ACTION_MINUTES} action-minutes`,
  },
];

/** The build minutes of a release, shared by however many projects it goes through. */
const build: Pricer = (_, { usage: { releases }, resources }) => {
  const projects = resources.filter(({ type }) => type === 'AWS::CodeBuild::Project').length;
  const minutes = (releases * BUILD_MINUTES) / projects;
  return [{ item: 'codebuild.arm1.small', quantity: minutes, assumed: `${BUILD_MINUTES} minutes a release` }];
};

export const deliveryCharges: Readonly<Record<string, Pricer>> = {
  'AWS::CodePipeline::Pipeline': pipeline,
  'AWS::CodeBuild::Project': build,
};
