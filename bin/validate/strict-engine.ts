import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Assembly } from './assembly';
import type { Fault } from './resources';

interface Diagnostic {
  readonly ruleId: string;
  readonly severity: string;
  readonly message: string;
  readonly entity?: { readonly logicalId?: string };
}

interface Engine {
  validateTemplate(template: unknown, options: object): { readonly diagnostics: readonly Diagnostic[] };
  free(): void;
}

/** CDK writes the dependencies that a reference says already; harmless, and in every template. */
const NO_FAULT = ['W3005'];
/** Zones, accounts and regions are known and named on purpose: an assembly is for one place. */
const ON_PURPOSE = ['W3010', 'W9002', 'W9013'];
const FATAL = ['FATAL', 'ERROR'];

/**
 * AWS's own validator in its stricter half, which finds faults that the one in every synth does not.
 *
 * It comes inside aws-cdk-lib and starts in seconds, so one serves all templates.
 */
export function strictFaults(assemblies: readonly Assembly[]): readonly Fault[] {
  const fromHere = createRequire(join(process.cwd(), 'package.json'));
  const library = fromHere.resolve('aws-cdk-lib/package.json');
  const { RegoEngine, TemplateFile } = fromHere(
    fromHere.resolve('@aws/cloudformation-validate', { paths: [join(library, '..')] }),
  );
  const engine: Engine = new RegoEngine();
  try {
    return assemblies.flatMap(({ model, stacks }) =>
      stacks.flatMap(({ name, region, templateFile }) =>
        engine
          .validateTemplate(new TemplateFile(templateFile), {
            ...{ detailLevel: 'STANDARD', severityLevel: 'WARN', strict: true },
            exclude: { ids: [...NO_FAULT, ...ON_PURPOSE] },
            pseudoParameterOverrides: { region, accountId: model.account },
          })
          .diagnostics.filter(({ severity }) => FATAL.includes(severity))
          .map(({ ruleId, message, entity }) => ({
            rule: ruleId,
            at: `${name}/${entity?.logicalId ?? ''}`,
            says: message,
          })),
      ),
    );
  } finally {
    engine.free();
  }
}
