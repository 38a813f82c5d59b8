/** Who asks before sending a body (`Expect: 100-continue`) is told to go on once they are let in: the others send none for nothing. */
import type { IncomingMessage } from 'node:http';
import type { Scope } from './scope.ts';

export function askForBodies(app: Scope): void {
  const waiting = new WeakSet<IncomingMessage>();
  app.server.on('checkContinue', (request, response) => {
    waiting.add(request);
    app.routing(request, response);
  });
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (waiting.delete(request.raw)) reply.raw.writeContinue();
    done(null, payload);
  });
  app.addHook('onSend', async (request, reply) => {
    // Whoever is refused may send the body all the same, or the next request.
    if (waiting.has(request.raw)) reply.header('connection', 'close');
  });
}
