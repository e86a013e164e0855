// Bundles one entry point of bin/ and runs it: `node bin/run.mjs rehearse --list`.
// Plain JavaScript of 2018 up to the version check, so that an old Node can say what is wrong with it.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`node: expected 20.11 or newer, got ${process.versions.node}; install the current LTS release`);
  process.exit(1);
}

const [name, ...args] = process.argv.slice(2);
const { existsSync } = await import('node:fs');
if (!existsSync(new URL(`${name}.ts`, import.meta.url))) {
  console.error(`run: expected the name of a command, got ${name}; the scripts of package.json have them all`);
  process.exit(2);
}
const { bundleEntry } = await import('./bundle-entry.mjs');
const file = await bundleEntry(name);
process.argv = [process.argv[0], file, ...args];
process.setSourceMapsEnabled(true);
// Node 20 is this project's floor; what the AWS SDK says about it would stand between people and their answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
await import(file);
