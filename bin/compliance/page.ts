import type { Finding } from './findings';

/** A page that stands alone: no script, no address, light and dark. */
export function asHtml(findings: readonly Finding[]): string {
  const open = findings.filter(({ accepted }) => !accepted);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Compliance</title>
<style>${STYLE}</style>
<h1>Compliance</h1>
<p>What cdk-nag's packs AwsSolutions and NIST 800-53 R5 say of every template: ${findings.length} findings,
<strong>${open.length} without a reason</strong>.</p>
${open.length > 0 ? section('Without a reason', open) : ''}
${groups(findings.filter(({ accepted }) => accepted))}
</html>
`;
}

/** One table for each system and environment. */
function groups(findings: readonly Finding[]): string {
  const places = [...new Set(findings.map(placeOf))];
  return places
    .map((place) =>
      section(
        place,
        findings.filter((finding) => placeOf(finding) === place),
      ),
    )
    .join('\n');
}

function placeOf({ system, env }: Finding): string {
  return `${system} ${env}`;
}

function section(title: string, findings: readonly Finding[]): string {
  const heads = ['Rule', 'Resource', 'Finding', 'Why it stands', 'In its place', 'Look again'];
  return `<h2>${text(title)} (${findings.length})</h2>
<div class="wide"><table>
<tr>${heads.map((head) => `<th>${head}`).join('')}
${findings.map(row).join('\n')}
</table></div>`;
}

function row({ pack, rule, resource, finding, accepted }: Finding): string {
  const cells = [rule, resource, finding, accepted?.why, accepted?.instead, accepted?.again];
  return `<tr title="${text(pack)}">${cells.map((cell) => `<td>${text(cell ?? '–')}`).join('')}`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; min-width: 60rem }
th, td { border-top: 1px solid #8884; padding: .4rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
td:first-child, td:nth-child(2) { font-family: ui-monospace, monospace; font-size: 12px }
`;
