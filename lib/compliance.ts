import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';

/** The packs that a reviewer asks for. */
export function compliancePacks(app: App) {
  return [new AwsSolutionsChecks(app), new NIST80053R5Checks(app)] as const;
}

/** Make synth fail on every finding that no construct acknowledges where the resource is defined. */
export function checkCompliance(app: App): void {
  Validations.of(app).addPlugins(...compliancePacks(app));
}
