import type { FastifyInstance } from 'fastify';

/**
 * Errors as `{ error }`. A fault of the caller says what it was; a fault of ours goes to the log, and the caller learns only that.
 *
 * @param ofOurs what a caller is told of a fault of ours
 */
export function answerErrors(app: FastifyInstance, ofOurs = 'internal error', status = 500): void {
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const code = error instanceof SyntaxError ? 400 : (error.statusCode ?? status);
    if (code >= 500) request.log.error({ error: error.message }, 'request failed');
    return reply.code(code).send({ error: code >= 500 ? ofOurs : error.message });
  });
}
