import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
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
