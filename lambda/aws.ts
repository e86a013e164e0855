/** How every AWS client of a function behaves: it gives up on a call within seconds and tries again what was refused or lost. */
export const AWS_CLIENT = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
};

/** The same for calls that wait for another function, which may take most of a minute. */
export const WAITING_CLIENT = {
  ...AWS_CLIENT,
  requestHandler: { ...AWS_CLIENT.requestHandler, requestTimeout: 58_000 },
};

/** The same for a smoke test: three tries of five seconds and a cold start, and that twice within the gate's minute. */
export const SMOKE_CLIENT = {
  ...AWS_CLIENT,
  maxAttempts: 2,
  requestHandler: { ...AWS_CLIENT.requestHandler, requestTimeout: 22_000 },
};
