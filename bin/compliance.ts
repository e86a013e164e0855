import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEMS } from '../systems';
import { findingsOf } from './compliance/findings';
import { asHtml } from './compliance/page';

const FOLDER = 'compliance';

/** `npm run compliance`: what cdk-nag finds in every account and region of every system, what of it stands on purpose, and why. */
function main(): void {
  const findings = SYSTEMS.flatMap(findingsOf);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'report.json'), `${JSON.stringify(findings, undefined, 2)}\n`);
  writeFileSync(join(FOLDER, 'report.html'), asHtml(findings));
  const open = findings.filter(({ accepted }) => !accepted);
  for (const { env, rule, resource, finding } of open) console.error(`${env}: ${resource}: ${rule}: ${finding}`);
  console.log(`${findings.length} findings, ${open.length} without a reason: ${join(FOLDER, 'report.html')}`);
  process.exitCode = open.length > 0 ? 1 : 0;
}

main();
