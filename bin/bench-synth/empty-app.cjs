// A CDK app of one stack with nothing in it, that imports the modules of another app: those that the file in its last argument lists.
// They are loaded for good: aws-cdk-lib puts that off until a name is used, and this app uses none.
const { readFileSync } = require('node:fs');

for (const path of JSON.parse(readFileSync(process.argv.at(-1), 'utf8'))) require(path);

const { App, CfnWaitConditionHandle, Stack } = require('aws-cdk-lib');

const app = new App();
const stack = new Stack(app, 'empty', { env: { account: '111111111111', region: 'ap-southeast-1' } });
new CfnWaitConditionHandle(stack, 'Nothing'); // a stack without any resource does not pass the validator of every synth
app.synth();
