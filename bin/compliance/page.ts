import type { Finding } from './findings';

/** A page that stands alone: no script, no address, light and dark, as wide as a phone or a desk. */
export function asHtml(findings: readonly Finding[]): string {
  const open = findings.filter(({ accepted }) => !accepted);
  const places = [...new Set(findings.map(placeOf))];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Compliance</title>
<style>${STYLE}</style>
<h1>Compliance</h1>
<p>What cdk-nag's packs AwsSolutions and NIST 800-53 R5 say of every template: ${findings.length} findings,
<strong>${open.length} without a reason</strong>. Those of one rule that stand for one reason are told together.</p>
${open.length > 0 ? section('Without a reason', open) : ''}
${places.map((place) => section(place, findings.filter(isAt(place)))).join('\n')}
</html>
`;
}

function placeOf({ system, env }: Finding): string {
  return `${system} ${env}`;
}

function isAt(place: string): (finding: Finding) => boolean {
  return (finding) => finding.accepted !== undefined && placeOf(finding) === place;
}

function section(title: string, findings: readonly Finding[]): string {
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.finding, finding.accepted]);
    alike.set(key, [...(alike.get(key) ?? []), finding]);
  }
  return `<h2>${text(title)} (${findings.length})</h2>\n${[...alike.values()].map(entry).join('\n')}`;
}

function entry(alike: readonly Finding[]): string {
  const { pack, rule, finding, accepted } = alike[0]!;
  const resources = alike.map(({ resource }) => `<li><code>${text(resource)}</code>`).join('');
  return `<article>
<h3><code>${text(rule)}</code> <small>${text(pack)}</small></h3>
<p>${text(finding)}
<dl><dt>Why it stands<dd>${text(accepted?.why ?? 'nobody has said')}
<dt>In its place<dd>${text(accepted?.instead ?? 'nothing')}
<dt>Look again<dd>${text(accepted?.again ?? 'now')}</dl>
<details${alike.length > 3 ? '' : ' open'}><summary>${alike.length === 1 ? '1 resource' : `${alike.length} resources`}</summary><ul>${resources}</ul></details>
</article>`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; overflow-wrap: anywhere }
article { border-top: 1px solid #8884; padding: .5rem 0 1rem }
h3, p, dl, ul { margin: .3rem 0 }
h3 { font-size: 1rem }
code { font: 13px ui-monospace, monospace }
small { font-weight: normal; opacity: .7 }
dl { display: grid; grid-template-columns: 8rem 1fr }
dt { opacity: .7 }
dd { margin: 0 }
@media (max-width: 40rem) { dl { display: block } dd { margin-bottom: .3rem } }
`;
