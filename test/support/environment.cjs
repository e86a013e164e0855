// Template validation costs seconds an app; the validators have a run of their own (`npm run validate`).
process.env.CDK_VALIDATION = 'false';
// The floor of this project is Node 20, and what the AWS SDK says about it in every worker is known.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
