import { type Agent, request as httpRequest } from 'node:http'
import { Value } from 'typebox/value'
import { Problem } from '../../contracts/refusals.ts'

/** What came of a question over HTTP: an answer, a clear no, or nothing that can be relied on. */
export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  | { readonly kind: 'nothing'; readonly why: string }

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly token?: string
  readonly idempotencyKey?: string
  readonly body?: unknown
}

export interface AskCounts {
  requests: number
  refused: number
  nothing: number
  /** Why there was nothing, by reason. */
  readonly reasons: Record<string, number>
  waiting: number
  underWay: number
  /** Sum of the times from sending to the whole answer, ms. */
  tookMs: number
}

export const mostRequestsAtOnce = 20
/** A city that asks faster than it is answered drops questions here, not memory. */
const mostWaiting = 1_000
const answerTimeoutMs = 15_000
const mostReasons = 20
const mostAnswerBytes = 1_000_000

/** Asks over HTTP, a bounded number at once. Never throws. */
export function createAsker(agent: Agent): { ask(question: Question): Promise<Answer>; counts: Readonly<AskCounts> } {
  const counts: AskCounts = { requests: 0, refused: 0, nothing: 0, reasons: {}, waiting: 0, underWay: 0, tookMs: 0 }
  const queue: (() => void)[] = []

  async function ask(question: Question): Promise<Answer> {
    if (counts.underWay >= mostRequestsAtOnce) {
      if (queue.length >= mostWaiting) return { kind: 'nothing', why: 'too many questions wait' }
      counts.waiting++
      await new Promise<void>((go) => queue.push(go))
      counts.waiting--
    } else counts.underWay++
    const startedAt = performance.now()
    const answer = await exchange(agent, question)
    counts.tookMs += performance.now() - startedAt
    counts.requests++
    if (answer.kind === 'refused') counts.refused++
    if (answer.kind === 'nothing') countNothing(counts, answer.why)
    const next = queue.shift()
    if (next) next()
    else counts.underWay--
    return answer
  }
  return { ask, counts }
}

function countNothing(counts: AskCounts, why: string): void {
  counts.nothing++
  const isNew = !(why in counts.reasons)
  const key = isNew && Object.keys(counts.reasons).length >= mostReasons ? 'other' : why
  counts.reasons[key] = (counts.reasons[key] ?? 0) + 1
}

function exchange(agent: Agent, { method, url, token, idempotencyKey, body }: Question): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve) => {
    const nothing = (why: string) => resolve({ kind: 'nothing', why })
    const request = httpRequest(
      url,
      {
        method,
        agent,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes > mostAnswerBytes) response.destroy(new Error('the answer is too large'))
          else parts.push(part)
        })
        response.on('end', () => resolve(answerOf(response.statusCode ?? 0, Buffer.concat(parts).toString())))
        response.on('error', (error) => nothing(error.message))
      },
    )
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), answerTimeoutMs)
    request.on('error', (error) => nothing(error.message))
    request.on('close', () => {
      clearTimeout(timer)
      nothing('the connection was closed')
    })
    request.end(text)
  })
}

function answerOf(status: number, text: string): Answer {
  let body: unknown = null
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    return { kind: 'nothing', why: `the answer ${status} is no JSON` }
  }
  if (status >= 200 && status < 300) return { kind: 'answer', status, body }
  const code = Value.Check(Problem, body) ? body.code : `http_${status}`
  // Overload and restarts pass; asking again with the same key is safe.
  if (status >= 500 || status === 429) return { kind: 'nothing', why: code }
  return { kind: 'refused', status, code }
}
