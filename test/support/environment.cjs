// Template validation costs seconds an app; the validators have a run of their own (`npm run validate`).
process.env.CDK_VALIDATION = 'false';
