// Preloaded by `node --require`: when the program ends, writes the packages' files that it has loaded to the file in its last argument.
const { writeFileSync } = require('node:fs');

const file = process.argv.at(-1);
process.on('exit', () => {
  writeFileSync(file, JSON.stringify(Object.keys(require.cache).filter((path) => path.includes('node_modules'))));
});
