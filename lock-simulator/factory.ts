import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  type FactoryLock,
  FactoryLocks,
  LockBatch,
  type LockRenewal,
  type LockRevocation,
  LockSecrets,
  type NewLockBatch,
  RevokedLock,
} from '../contracts/http/locks.ts'
import { type NewBike, type ProvisionedBike, ProvisionedBikes } from '../contracts/http/staff.ts'

const requestTimeoutMs = 30_000
const provisioned = Compile(ProvisionedBikes)

/**
 * Registers a lock with the platform and returns its secrets; the same lock id gives the same secrets again.
 * Throws with the platform's own words when it refuses.
 */
export async function provisionBike(
  httpUrl: string,
  token: string,
  bike: Static<typeof NewBike>,
): Promise<ProvisionedBike> {
  const response = await fetch(new URL('/v1/staff/bikes', httpUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ bikes: [bike] }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST /v1/staff/bikes answered ${response.status}: ${text}`)
  const body: unknown = JSON.parse(text)
  const [added] = provisioned.Check(body) ? body.bikes : []
  if (added === undefined) throw new Error(`POST /v1/staff/bikes answered something else: ${text}`)
  return added
}

/** A platform, and the token that opens its factory routes. */
export interface Factory {
  readonly httpUrl: string
  readonly token: string
}

/** Orders a batch of locks; the same order again makes what an interrupted one left, and nothing twice. */
export const orderBatch = (factory: Factory, order: NewLockBatch): Promise<LockBatch> =>
  asked(factory, 'POST', '/v1/factory/batches', LockBatch, order)

/** Every lock of a batch with its secrets, in the order of their ids. */
export async function locksOfBatch(factory: Factory, batchId: string): Promise<readonly FactoryLock[]> {
  const locks: FactoryLock[] = []
  let next: string | null = null
  do {
    const after: string = next === null ? '' : `?after=${next}`
    const page: FactoryLocks = await asked(factory, 'GET', `/v1/factory/batches/${batchId}/locks${after}`, FactoryLocks)
    locks.push(...page.locks)
    next = page.next
  } while (next !== null)
  return locks
}

/** A sheet of labels as SVG, from 1; or all of them as a page to be printed. */
export const labelsOfBatch = (factory: Factory, batchId: string, sheet: number | 'all'): Promise<string> =>
  textOf(factory, 'GET', `/v1/factory/batches/${batchId}/${sheet === 'all' ? 'labels.html' : `labels/${sheet}`}`)

export const revokeLock = (factory: Factory, lockId: string, order: LockRevocation): Promise<RevokedLock> =>
  asked(factory, 'POST', `/v1/factory/locks/${lockId}/revoke`, RevokedLock, order)

/** New secrets; the old ones are void. */
export const renewLock = (factory: Factory, lockId: string, order: LockRenewal): Promise<LockSecrets> =>
  asked(factory, 'POST', `/v1/factory/locks/${lockId}/renew`, LockSecrets, order)

async function asked<S extends TSchema>(
  factory: Factory,
  method: string,
  path: string,
  schema: S,
  body?: object,
): Promise<Static<S>> {
  const text = await textOf(factory, method, path, body)
  const answer: unknown = JSON.parse(text)
  if (!Compile(schema).Check(answer))
    throw new Error(`${method} ${path} answered something else: ${text.slice(0, 200)}`)
  return answer as Static<S>
}

/** A thousand certificates are signed one by one. */
const batchTimeoutMs = 120_000

async function textOf({ httpUrl, token }: Factory, method: string, path: string, body?: object): Promise<string> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(new URL(path, httpUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(batchTimeoutMs),
  })
  const text = await response.text()
  if (response.ok) return text
  throw new Error(sentenceOf(text) ?? `${method} ${path} answered ${response.status}: ${text}`)
}

/** What the platform says to people. */
function sentenceOf(text: string): string | null {
  try {
    const { title, detail } = JSON.parse(text) as { readonly title?: unknown; readonly detail?: unknown }
    if (typeof title !== 'string') return null
    return typeof detail === 'string' ? `${title} (${detail})` : title
  } catch {
    // a proxy's page, or nothing
    return null
  }
}
