import { ASSEMBLY_FAULTS } from './assembly';
import { DELIVERY_FAULTS } from './delivery';
import type { Fault } from './fault';
import { JOB_FAULTS } from './jobs';
import { MEASUREMENT_FAULTS } from './measurement';
import { ORDER_FAULTS } from './order';
import { SIGN_IN_FAULTS } from './sign-in';
import { SURROUNDING_FAULTS } from './surroundings';

export const FAULTS: readonly Fault[] = [
  ...SURROUNDING_FAULTS,
  ...SIGN_IN_FAULTS,
  ...DELIVERY_FAULTS,
  ...JOB_FAULTS,
  ...ASSEMBLY_FAULTS,
  ...MEASUREMENT_FAULTS,
  ...ORDER_FAULTS,
];

/** @throws Error naming the faults there are */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((known) => known.name === name);
  if (fault) return fault;
  const names = FAULTS.map((known) => known.name).join(', ');
  throw new Error(`--fault: expected one of ${names}, got ${JSON.stringify(name)}; see --list`);
}
