import { Compile } from 'typebox/compile'
import { type ProvisionedBike, ProvisionedBikes } from '../../contracts/http/staff.ts'
import { seededRandom } from '../../contracts/random.ts'
import type { CrowdLock } from './crowd-orders.ts'

export type FleetBike = ProvisionedBike & CrowdLock

export interface FactoryOrder {
  readonly httpUrl: string
  readonly factoryToken: string
  readonly locks: number
  /** Beginning of the lock ids: the same ids again are the same bikes. */
  readonly prefix: string
  readonly onProgress?: (made: number) => void
}

const bikesPerOrder = 500
const requestTimeoutMs = 120_000
/** They stand in a square of about seven kilometres. */
const centre = { lon: 4.726, lat: 52.3585 }
const spreadDegrees = 0.1
const answers = Compile(ProvisionedBikes)

/** Orders locks from the factory of a running platform, in batches. Throws with the platform's own words. */
export async function orderLocks(order: FactoryOrder): Promise<readonly FleetBike[]> {
  const { httpUrl, factoryToken, locks, prefix, onProgress } = order
  const bikes: FleetBike[] = []
  while (bikes.length < locks) {
    const batch = Array.from({ length: Math.min(bikesPerOrder, locks - bikes.length) }, (_, index) => {
      const lockId = `${prefix}-${String(bikes.length + index).padStart(6, '0')}`
      const random = seededRandom(lockId, 'place')
      const at = (middle: number) => Math.round((middle + (random.next() - 0.5) * spreadDegrees) * 1e6) / 1e6
      return { lockId, lon: at(centre.lon), lat: at(centre.lat) }
    })
    const body = await ask(`${httpUrl}/v1/staff/bikes`, factoryToken, { bikes: batch })
    if (!answers.Check(body)) throw new Error('POST /v1/staff/bikes answered something else')
    const made = new Map(body.bikes.map((bike) => [bike.lockId as string, bike]))
    for (const place of batch) {
      const bike = made.get(place.lockId)
      if (bike === undefined) throw new Error(`POST /v1/staff/bikes has not made ${place.lockId}`)
      bikes.push({ ...bike, ...place, lockId: bike.lockId })
    }
    onProgress?.(bikes.length)
  }
  return bikes
}

/** A session at the desk by a link that works once: the token. */
export async function openDesk(httpUrl: string, staffLink: string): Promise<string> {
  const link = new URL(staffLink).searchParams.get('link')
  const session = (await ask(`${httpUrl}/v1/staff/sessions`, null, { link })) as { readonly token: string }
  return session.token
}

/** Asks a lock to ring. */
export async function ringBike(httpUrl: string, deskToken: string, bikeId: string, commandId: string): Promise<void> {
  const order = { commandId, op: 'beep', reason: 'measuring the way to the lock and back' }
  await ask(`${httpUrl}/v1/staff/bikes/${bikeId}/commands`, deskToken, order)
}

/** Opens a lock without a ride; asked again with its id, it is the same command. */
export async function openLock(httpUrl: string, deskToken: string, bikeId: string, commandId: string): Promise<void> {
  const order = { commandId, op: 'unlock', reason: 'a command must be carried out once', leavesOpen: true }
  await ask(`${httpUrl}/v1/staff/bikes/${bikeId}/commands`, deskToken, order)
}

async function ask(url: string, token: string | null, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${new URL(url).pathname} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
