import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { orderByNumber } from './core/find-order.ts'
import type { Order } from './core/records.ts'
import { payerPage, payerPolicy, unknownPayerPage } from './payer-page.ts'
import { payerTexts } from './payer-texts.ts'
import type { Provider } from './provider.ts'

const Answer = Type.Object(
  { action: Type.Union([Type.Literal('approve'), Type.Literal('decline'), Type.Literal('expire')]) },
  { additionalProperties: false },
)

/**
 * The rider's side: `GET /payer/{token}` shows the question, `POST` answers it with `action=approve|decline|expire`
 * (a form, or JSON). A browser is sent on to the order's return_url, or sees the result. With `Accept:
 * application/json` the answer is `{ outOrderNo, orderStatus, returnUrl }`; 404 for an unknown token, 409 for an
 * order that was already answered otherwise, 400 for another action.
 */
export function payerApi(app: FastifyInstance, provider: Provider): void {
  app.get('/favicon.ico', async (_request, reply) => reply.code(204).send())

  // The wallet's app, which has no screens of its own here: opened at a code, it shows that code's page.
  app.get<{ Querystring: { qrcode?: unknown } }>('/app/open', async (request, reply) => {
    const token = tokenOfCode(provider.state().rules.pageUrl, request.query.qrcode)
    return token === null ? unknownOrder(request, reply) : reply.redirect(`/payer/${token}`, 303)
  })

  app.get<{ Params: { token: string } }>('/payer/:token', async (request, reply) => {
    await provider.handle({ kind: 'tick' }, 'time')
    const order = orderByNumber(provider.state(), 'token', request.params.token)
    return order === undefined ? unknownOrder(request, reply) : showOrder(request, reply, order, 200)
  })

  app.post<{ Params: { token: string } }>('/payer/:token', async (request, reply) => {
    const body: unknown =
      typeof request.body === 'string' ? Object.fromEntries(new URLSearchParams(request.body)) : request.body
    if (!Value.Check(Answer, body)) return reply.code(400).type('application/json').send({ code: 'BAD_ACTION' })
    const decided = await provider.handle(
      { kind: 'payer', token: request.params.token, action: body.action },
      `payer.${body.action}`,
    )
    if (decided.kind !== 'payer' || !('order' in decided.result)) return unknownOrder(request, reply)
    const { ok, order } = decided.result
    if (wantsJson(request) || !ok || order.returnUrl === '') return showOrder(request, reply, order, ok ? 200 : 409)
    return privately(reply, order).redirect(new URL(order.returnUrl).href, 303)
  })
}

/** The token of a code that this wallet made; a code of somebody else leads nowhere. */
function tokenOfCode(pageUrl: string, code: unknown): string | null {
  const start = `${pageUrl}/payer/`
  if (typeof code !== 'string' || !code.startsWith(start)) return null
  const token = code.slice(start.length)
  return /^[\w-]{1,128}$/.test(token) ? token : null
}

function showOrder(request: FastifyRequest, reply: FastifyReply, order: Order, status: number): FastifyReply {
  const answer = privately(reply, order).code(status)
  if (wantsJson(request)) {
    return answer.type('application/json').send({
      outOrderNo: order.outOrderNo,
      orderStatus: order.authorisation.kind,
      ...(order.returnUrl === '' ? {} : { returnUrl: order.returnUrl }),
    })
  }
  return answer
    .type('text/html; charset=utf-8')
    .send(payerPage(payerTexts(request.headers['accept-language'] ?? ''), order))
}

function unknownOrder(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = reply.code(404).header('cache-control', 'no-store').header('content-security-policy', payerPolicy(''))
  return wantsJson(request)
    ? answer.type('application/json').send({ code: 'NO_SUCH_ORDER' })
    : answer
        .type('text/html; charset=utf-8')
        .send(unknownPayerPage(payerTexts(request.headers['accept-language'] ?? '')))
}

/** The token in the address is the payer's key: it must reach neither a cache nor another site. */
function privately(reply: FastifyReply, order: Order): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', payerPolicy(order.returnUrl))
}

function wantsJson(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('application/json')
}
