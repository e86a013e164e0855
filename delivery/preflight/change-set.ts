/** What DescribeChangeSet answers, as far as preflight reads it; with `--include-property-values`. */
export interface ChangeSet {
  readonly StackName?: string;
  readonly StackId?: string;
  readonly ChangeSetName?: string;
  readonly Status?: string;
  readonly StatusReason?: string;
  /** There is more of it, which was not read. */
  readonly NextToken?: string;
  readonly Changes?: readonly { readonly Type?: string; readonly ResourceChange?: ResourceChange }[];
}

export interface ResourceChange {
  readonly Action?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType?: string;
  /** `True`, `False` or `Conditional`. */
  readonly Replacement?: string;
  /** What becomes of the old one: `Delete`, `Retain`, `Snapshot`, `ReplaceAndDelete`, … */
  readonly PolicyAction?: string;
  /** Parts that change: `Properties`, `Tags`, `DeletionPolicy`, … */
  readonly Scope?: readonly string[];
  readonly Details?: readonly {
    readonly Target?: {
      readonly Attribute?: string;
      readonly Name?: string;
      readonly BeforeValue?: string;
      readonly AfterValue?: string;
    };
  }[];
  /** The resource as it will be, `{ Properties }` as JSON. */
  readonly AfterContext?: string;
  readonly BeforeContext?: string;
}

/** A CloudFormation template, as far as preflight reads it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly Properties?: Properties }>>;
}

export type Properties = Readonly<Record<string, unknown>>;

/** Why a change set must not be executed. */
export interface Refusal {
  readonly stack: string;
  /** Logical id; the change set's own name where it is not about a resource. */
  readonly resource: string;
  readonly type: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/** One line: `<stack>: <resource> (<type>): expected <allowed>, got <change>; <fix>`. */
export function describeRefusal({ stack, resource, type, expected, got, fix }: Refusal): string {
  return `${stack}: ${resource} (${type}): expected ${expected}, got ${got}; ${fix}`;
}

/** Why one resource's change is refused, without what it is. */
export type Objection = Pick<Refusal, 'expected' | 'got' | 'fix'>;
