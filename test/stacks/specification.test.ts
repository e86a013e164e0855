import { expect, test } from '@jest/globals';
import { assemble } from '../../bin/validate/assembly';
import { specificationFaults } from '../../bin/validate/specification';
import { coach } from '../../systems/coach';

const prod = assemble(coach, 'prod');

// biome-ignore lint/suspicious/noExplicitAny: properties of a template
function after(stackName: string, type: string, change: (properties: any) => void): readonly string[] {
  const copy = structuredClone(prod);
  const { template } = copy.stacks.find(({ name }) => name === stackName)!;
  change(Object.values(template.Resources).find(({ Type }) => Type === type)!.Properties);
  return specificationFaults(copy).map(({ says }) => says);
}

test('every resource is as AWS specifies it', () => {
  expect(specificationFaults(prod)).toEqual([]);
});

test('a misspelt property, a missing one, and an attribute that is not', () => {
  expect(after('coach-prod-data', 'AWS::RDS::DBInstance', (p) => Object.assign(p, { MultiAz: true }))).toEqual([
    'AWS::RDS::DBInstance has no property MultiAz',
  ]);
  expect(after('coach-prod-gate', 'AWS::Lambda::Function', (p) => delete p.Role)).toEqual(['Role is required']);
  expect(
    after('coach-prod-gate', 'AWS::Scheduler::Schedule', (p) => {
      p.Target.RoleArn['Fn::GetAtt'][1] = 'Name';
    }),
  ).toEqual(['AWS::IAM::Role has no attribute Name']);
});

test('a reference that leads to another kind of thing', () => {
  const subnets = after('coach-prod-data', 'AWS::RDS::DBInstance', (p) => {
    p.DBSubnetGroupName = p.DBParameterGroupName;
  });

  expect(subnets).toEqual(['DBSubnetGroupName leads to AWS::RDS::DBParameterGroup, expected AWS::RDS::DBSubnetGroup']);
});
