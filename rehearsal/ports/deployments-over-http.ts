import type { DeploymentPort, ServiceDeployment } from '../../lambda/gate/ports';

/** ECS as the gate sees it, played by the rehearsal's controller at a URL. */
export function deploymentsOverHttp(url: string): DeploymentPort {
  return {
    describe: (arn) => call<ServiceDeployment>('GET', `${url}/deployments/${encodeURIComponent(arn)}`),
    latest: () => call<ServiceDeployment[]>('GET', `${url}/deployments`),
    stop: (arn) => call<void>('POST', `${url}/deployments/${encodeURIComponent(arn)}/stop`),
    scaleCanaryWorkers: (count) => call<void>('PUT', `${url}/canary-workers`, String(count)),
    canaryWorkers: () => call<Awaited<ReturnType<DeploymentPort['canaryWorkers']>>>('GET', `${url}/canary-workers`),
  };
}

async function call<T>(method: string, url: string, body?: string): Promise<T> {
  const answer = await fetch(url, { method, body });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}
