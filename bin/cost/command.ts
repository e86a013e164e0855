import { type Bill, billOf } from '../../cost/bill';
import { chargesIn, type Setting, usageCharges } from '../../cost/charges';
import { HOURS_A_MONTH, PRICED_REGION } from '../../cost/price-list';
import { resourcesOf } from '../../cost/templates';
import { USAGE } from '../../cost/usage';
import { stackName } from '../../lib/model/names';
import { resolve } from '../../lib/model/resolve';
import type { EnvName, SystemModel } from '../../lib/model/system';
import { selected } from '../app/selection';
import { billTable, differenceTable } from './table';
import { withTemplates } from './templates';

export interface CostFlags {
  readonly system: string;
  readonly env: string;
  readonly against?: string;
  readonly json?: boolean;
}

/** @throws ConfigError if there is no such system or environment */
export function costCommand({ system, env, against, json }: CostFlags): string {
  const bill = costOf(modelOf(system, env));
  const other = against === undefined ? undefined : costOf(modelOf(system, against));
  if (json) return `${JSON.stringify({ system, env, region: PRICED_REGION, ...bill, against: other }, undefined, 2)}\n`;
  return other ? differenceTable({ env, bill }, { env: against!, bill: other }) : billTable(`${system}/${env}`, bill);
}

/** What a month of an environment costs, synthesized now. */
export function costOf(model: SystemModel): Bill {
  const { env, tier } = model;
  const resources = withTemplates(model, (assembly) => resourcesOf(assembly, stackName(model, '')));
  const setting: Setting = { usage: USAGE[env], hours: Math.min(HOURS_A_MONTH, tier.hoursPerMonth), resources };
  return billOf(resources, chargesIn(setting), usageCharges(setting));
}

function modelOf(system: string, env: string): SystemModel {
  const [found] = selected((key) => ({ system, env })[key]);
  return resolve(found!.system, found!.env as EnvName);
}
