import type { IncomingMessage } from 'node:http';
import { bodyOf, LoopbackServer } from '../loopback-server';
import type { Controller } from './controller';

const BAD_REQUEST = 400;

/** What the gate may ask of ECS and do to it, over HTTP on the loopback interface. */
export class ControllerApi extends LoopbackServer {
  constructor(controller: Controller) {
    super(async (request, response) => {
      const answer = await answerOf(controller, request);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer ?? {}));
    }, BAD_REQUEST);
  }
}

async function answerOf(controller: Controller, request: IncomingMessage): Promise<unknown> {
  const [, resource, arn = '', action] = new URL(request.url!, 'http://localhost').pathname.split('/');
  switch (`${request.method} ${resource}${arn && '/:arn'}${action ? `/${action}` : ''}`) {
    case 'GET deployments':
      return controller.latest();
    case 'GET deployments/:arn':
      return controller.describe(decodeURIComponent(arn));
    case 'POST deployments/:arn/stop':
      return controller.stop(decodeURIComponent(arn));
    case 'GET canary-workers':
      return controller.canaryWorkers.describe();
    case 'PUT canary-workers':
      // As with UpdateService: the answer does not wait for the tasks.
      return void controller.canaryWorkers.scale(Number(await bodyOf(request)));
    default:
      throw new Error(`no such call: ${request.method} ${request.url}`);
  }
}
