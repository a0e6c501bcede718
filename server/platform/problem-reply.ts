import type { FastifyError, FastifyInstance } from 'fastify'
import { problemOf, type Refusal, refusals, refuse } from '../../contracts/refusals.ts'
import './http-context.ts'

const problemType = 'application/problem+json'

/** Every no of this server is problem+json (RFC 9457); over 500 the caller learns a request id and nothing else. */
export function answerWithProblems(app: FastifyInstance): void {
  app.decorateReply('refuse', function refuseWith(refusal: Refusal) {
    const problem = problemOf(refusal, this.request.id)
    if (this.request.headers.upgrade !== undefined) {
      // A WebSocket that is refused must not keep its socket: nobody would ever close it.
      this.header('connection', 'close')
      this.raw.once('finish', () => this.request.raw.socket.destroySoon())
    }
    // `send` of a string keeps the response schema of the happy case out of it.
    return this.code(problem.status).type(problemType).send(JSON.stringify(problem))
  })
  app.setNotFoundHandler((_request, reply) => reply.refuse(refuse('not_found')))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(error)
    if (refusals[refusal.code][0] >= 500) request.log.error({ err: error }, 'request failed')
    return reply.refuse(refusal)
  })
}

function refusalOf(error: FastifyError): Refusal {
  if (error.validation) return refuse('bad_request', error.message)
  const status = error.statusCode ?? 500
  if (status === 429) return refuse('too_many_requests')
  if (status === 404) return refuse('not_found')
  if (status >= 400 && status < 500) return refuse('bad_request', error.message)
  return refuse('server_fault')
}
