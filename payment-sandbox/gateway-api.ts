import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidArguments, serviceUnavailable } from './core/answers.ts'
import { checkRequest, type PublicParameters } from './core/check-request.ts'
import { type Fault, hitOf, strikes } from './core/faults.ts'
import type { Answer } from './core/records.ts'
import type { FaultBox } from './fault-box.ts'
import type { Keys } from './keys.ts'
import type { Provider } from './provider.ts'
import { signedAnswer, verifyText } from './signing.ts'

export interface GatewayDeps {
  readonly provider: Provider
  readonly faults: FaultBox
  readonly keys: Keys
  readonly realNowMs: () => number
  readonly log: (line: string) => void
}

/** Alipay's v1 gateway: `POST /gateway.do`, public parameters in the query, `biz_content` in the form body. */
export function gatewayApi(app: FastifyInstance, deps: GatewayDeps): void {
  app.post('/gateway.do', async (request, reply) => {
    const parameters = readParameters(request)
    if (parameters === undefined)
      return send(reply, deps, 'error_response', invalidArguments('isv.invalid-parameter', '参数重复'), false)
    const method = parameters.get('method') ?? ''
    const responseName = /^[a-z][a-z.]{2,127}$/.test(method)
      ? `${method.replaceAll('.', '_')}_response`
      : 'error_response'
    const checked = checkRequest(parameters, {
      appId: deps.keys.appId,
      realNowMs: deps.realNowMs(),
      localOffsetMs: -new Date(deps.realNowMs()).getTimezoneOffset() * 60_000,
      verify: (text, signature) => verifyText(deps.keys.merchantPublicKey, text, signature),
    })
    if (!checked.ok) {
      logAnswer(deps, method, checked.answer, [])
      return send(reply, deps, responseName, checked.answer, false)
    }

    const hits = deps.faults.draw('answer', { target: checked.method, numbers: Object.values(checked.biz) })
    const broken = await breakAnswer(request, reply, deps, responseName, hits, 'before')
    if (broken) return reply
    const decided = await deps.provider.handle(
      {
        kind: 'gateway',
        method: checked.method,
        biz: checked.biz,
        notifyUrl: parameters.get('notify_url') ?? '',
        returnUrl: parameters.get('return_url') ?? '',
        payerIsShort: hitOf(hits, 'insufficient-funds') !== undefined,
      },
      checked.method,
    )
    const answer = decided.kind === 'gateway' ? decided.answer : serviceUnavailable('aop.unknow-error')
    logAnswer(deps, method, answer, hits)
    if (await breakAnswer(request, reply, deps, responseName, hits, 'after')) return reply
    const delay = hitOf(hits, 'delay-answer')
    if (delay !== undefined) await wait(delay.delayMs)
    return send(reply, deps, responseName, answer, hitOf(hits, 'corrupt-answer-signature') !== undefined)
  })
}

/** The parameters of query and form together; undefined when one comes twice. */
function readParameters(request: FastifyRequest): PublicParameters | undefined {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : ''
  const body = typeof request.body === 'string' ? request.body : ''
  const parameters = new Map<string, string>()
  for (const source of [query, body]) {
    for (const [name, value] of new URLSearchParams(source)) {
      if (parameters.has(name)) return undefined
      parameters.set(name, value)
    }
  }
  return parameters
}

/** A fault that replaces the answer, at its moment. True when the caller got it. */
async function breakAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: GatewayDeps,
  responseName: string,
  hits: readonly Fault[],
  when: 'before' | 'after',
): Promise<boolean> {
  if (strikes(hits, 'drop-answer', when)) {
    reply.hijack()
    request.raw.socket.destroy()
    return true
  }
  if (strikes(hits, 'http-500', when)) {
    await reply.code(500).type('text/html;charset=utf-8').send('<html><body>500 Internal Server Error</body></html>')
    return true
  }
  if (strikes(hits, 'system-error', when)) {
    await send(reply, deps, responseName, serviceUnavailable('isp.unknow-error'), false)
    return true
  }
  return false
}

function send(
  reply: FastifyReply,
  deps: GatewayDeps,
  responseName: string,
  answer: Answer,
  isCorrupt: boolean,
): FastifyReply {
  // A corrupt answer is signed over other bytes than it has: as a changed answer would be.
  const body = signedAnswer(deps.keys.alipayPrivateKey, responseName, answer)
  const sent = isCorrupt ? body.replace('"msg":"', '"msg":"_') : body
  return reply.code(200).type('text/html;charset=utf-8').header('trace_id', randomUUID().replaceAll('-', '')).send(sent)
}

function logAnswer(deps: GatewayDeps, method: string, answer: Answer, hits: readonly Fault[]): void {
  const subCode = typeof answer.sub_code === 'string' ? ` ${answer.sub_code}` : ''
  const faults = hits.length === 0 ? '' : ` faults=${hits.map((hit) => hit.kind).join(',')}`
  deps.log(`answered ${method.slice(0, 128).replaceAll(/[^\w.]/g, '?')} ${answer.code}${subCode}${faults}`)
}
