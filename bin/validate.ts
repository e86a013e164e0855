import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV_NAMES } from '../lib/model/system';
import { SYSTEMS } from '../systems';
import { assemble } from './validate/assembly';
import { guardFaults } from './validate/guard';
import { invariantFaults } from './validate/invariants';
import type { Fault } from './validate/resources';
import { specificationFaults } from './validate/specification';
import { strictFaults } from './validate/strict-engine';

/** `npm run validate`: every template through every validator that needs no account. Ends with 1 if one of them finds a fault. */
function main(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-validate-'));
  try {
    const assemblies = SYSTEMS.flatMap((system) =>
      ENV_NAMES.map((env) => assemble(system, env, join(scratch, `${system.name}-${env}`))),
    );
    const runs: readonly (readonly [string, () => readonly Fault[] | undefined])[] = [
      ['our own rules', () => assemblies.flatMap(invariantFaults)],
      ["AWS's specification", () => assemblies.flatMap(specificationFaults)],
      ["AWS's validator, strict", () => strictFaults(assemblies)],
      ['cfn-guard, Control Tower', () => guardFaults(assemblies)],
    ];
    console.log(`${assemblies.flatMap(({ stacks }) => stacks).length} templates`);
    const faults = runs.flatMap(([name, run]) => told(name, run()));
    process.exitCode = faults.length > 0 ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function told(name: string, faults: readonly Fault[] | undefined): readonly Fault[] {
  if (!faults) {
    console.log(`${name}: skipped, there is no binary for this machine`);
    return [];
  }
  console.log(`${name}: ${faults.length === 0 ? 'nothing' : `${faults.length} faults`}`);
  for (const { rule, at, says } of faults) console.error(`  ${at}: ${rule}: ${says}`);
  return faults;
}

// the validator that runs inside every synth is one of those below, in its stricter half
process.env.CDK_VALIDATION = 'false';
main();
