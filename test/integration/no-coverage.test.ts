import { randomUUID } from 'node:crypto'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { GrantAnswer, PhonePass } from '../../contracts/http/no-coverage.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type LockId, type TripId } from '../../contracts/ids.ts'
import {
  type Challenge,
  decodeLockFrame,
  encodeFrame,
  type LockFrame,
  type LockReceipt,
  type PhoneFrame,
  type PhoneOperation,
} from '../../contracts/no-coverage.ts'
import { proofToSign } from '../../contracts/no-coverage-words.ts'
import { ledgerSums } from '../../server/payments/ledger-store.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let made = 0
const streets: StreetLock[] = []
beforeAll(async () => {
  platform = await openTestPlatform()
})
afterAll(async () => {
  for (const { lock } of streets) lock.destroy()
  await platform.close()
})

const patience = { timeout: 60_000, interval: 20 }
/** Not `expect.poll`: the stories go on side by side, and it knows of one at a time. */
const until = (is: () => boolean | Promise<boolean>): Promise<void> =>
  vi.waitFor(async () => {
    if (!(await is())) throw new Error(`not yet: ${is}`)
  }, patience)

/** A phone beside the lock: what it says is heard, what the lock says is waited for. */
function phoneAt({ lock }: StreetLock) {
  const frames: LockFrame[] = []
  const connection = present(
    lock.phone().connect({
      frame: (bytes) => void frames.push(present(decodeLockFrame(bytes), 'a lock speaks in frames')),
      closed: () => undefined,
    }),
    'nobody else is at this lock',
  )
  const next = async <K extends LockFrame['k']>(k: K): Promise<Extract<LockFrame, { k: K }>> => {
    await until(() => frames.some((frame) => frame.k === k || frame.k === 'no'))
    const at = frames.findIndex((frame) => frame.k === k || frame.k === 'no')
    const [frame] = frames.splice(at, 1)
    if (frame?.k !== k) throw new Error(JSON.stringify(frame))
    return frame as Extract<LockFrame, { k: K }>
  }
  return { next, say: (frame: PhoneFrame) => connection.send(encodeFrame(frame)), leave: () => connection.close() }
}

const newRider = () => logInRider(platform.url, `garage-${++made}@example.org`)
async function newStreet(): Promise<StreetLock> {
  const street = await placeLock(platform, `garage-lock-${++made}`)
  streets.push(street)
  return street
}
const put = async <T>(rider: RiderClient, path: string) => {
  const answer = await fetch(`${platform.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${rider.token}` },
  })
  return { status: answer.status, body: (await answer.json()) as T }
}
const askGrant = (rider: RiderClient, tripId: string, challenge: Challenge, key: string = randomUUID()) =>
  rider.post<GrantAnswer>('/v1/no-coverage/grants', { tripId, challenge }, key)
const bring = (rider: RiderClient, tripId: string, receipt: LockReceipt) =>
  rider.post<{ stored?: true; code?: string }>('/v1/no-coverage/receipts', { tripId, receipt })

let paying: Promise<unknown> = Promise.resolve()
/** A rider in a garage: paid, and the lock does not hear. The stories go on side by side, they pay one after the other. */
function inGarage(street: StreetLock) {
  const paid = paying.then(() => paidInGarage(street))
  paying = paid.catch(() => undefined)
  return paid
}

async function paidInGarage(street: StreetLock) {
  const rider = await newRider()
  street.lock.setAntenna(false)
  const promiseId = await rider.promise()
  const started = await rider.post<TripView>('/v1/trips', { bikeCode: street.bike.code, promiseId }, randomUUID())
  expect(started.status).toBe(201)
  return { rider, tripId: started.body.tripId }
}

async function openedByPhone(street: StreetLock, rider: RiderClient, tripId: string): Promise<LockReceipt> {
  const phone = phoneAt(street)
  const granted = await askGrant(rider, tripId, await phone.next('ch'))
  expect(granted.status).toBe(201)
  phone.say(granted.body.grant)
  const receipt = await phone.next('r')
  phone.leave()
  return receipt
}

/** What the phone says with a code of its pass. */
function codeUse(pass: PhonePass, op: PhoneOperation, i: number, nonce: string): PhoneFrame {
  const key = present(pass.key, 'a ride that runs has a key')
  const code = Buffer.from(present(pass.codes[i - 1], 'a key has that many codes'), 'base64url')
  const proof = hmac(sha256, code, utf8ToBytes(proofToSign({ key, op, i }, nonce))).subarray(0, 16)
  return { v: 1, k: 'c', key, op, i, p: Buffer.from(proof).toString('base64url') }
}

describe.concurrent('a bike in a garage', () => {
  it('opens through the phone, rides, ends by the lock itself, and is billed once by its clock', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const receipt = await openedByPhone(street, rider, tripId)
    expect([(await bring(rider, tripId, receipt)).body, (await bring(rider, tripId, receipt)).body]).toEqual([
      { stored: true },
      { stored: true },
    ])
    const riding = await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    expect(street.lock.boltPosition()).toBe('open')
    // Out of the garage: the lock's own word of the same opening is the same record, and changes nothing.
    street.lock.setAntenna(true)
    await until(() => street.lock.outbox().events === 0)
    street.lock.pushLever()
    const charged = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(charged.startedAt).toBe(riding.startedAt)
    expect(charged.payment).toMatchObject({ captured: 180 })
    const { rows } = await platform.db.query(
      `SELECT body ->> 'tok' AS tok FROM lock_report WHERE lock_id = $1 AND body ->> 'to' = 'unlocked'`,
      [street.bike.lockId],
    )
    expect(rows).toHaveLength(1)
    expect(await ledgerSums(platform.db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
  })

  it('that is heard again first, with the receipt never brought, rides just as well', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const receipt = await openedByPhone(street, rider, tripId)
    street.lock.setAntenna(true)
    const riding = await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    await bring(rider, tripId, receipt)
    const pass = () => put<PhonePass>(rider, `/v1/no-coverage/passes/${tripId}`)
    const { key } = (await pass()).body
    // New secrets for the lock: a key by the old ones opens nothing any more.
    const renew = 'UPDATE lock SET key_epoch = key_epoch + $2 WHERE lock_id = $1'
    await platform.db.query(renew, [street.bike.lockId, 1])
    expect((await pass()).body.key?.id).not.toBe(key?.id)
    await platform.db.query(renew, [street.bike.lockId, -1])
    street.lock.pushLever()
    const charged = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect([charged.startedAt, charged.payment.captured]).toEqual([riding.startedAt, 180])
  })

  it('says that it is jammed, and the money is free', async () => {
    const street = await newStreet()
    street.lock.jam(true)
    const { rider, tripId } = await inGarage(street)
    await bring(rider, tripId, await openedByPhone(street, rider, tripId))
    const failed = await rider.tripUntil(tripId, ({ payment }) => payment.state === 'released')
    expect(failed).toMatchObject({ state: 'failed', failure: 'lock_jammed' })
  })
})

describe.concurrent('who is refused', () => {
  it('is another rider, another lock, a replay, a forgery, and a second phone', async () => {
    const [street, other] = [await newStreet(), await newStreet()]
    const { rider, tripId } = await inGarage(street)
    const stranger = await newRider()
    const phone = phoneAt(street)
    const challenge = await phone.next('ch')
    expect((await askGrant(stranger, tripId, challenge)).status).toBe(404)
    const strange = phoneAt(other)
    const ofOther = await strange.next('ch')
    strange.leave()
    expect(await askGrant(rider, tripId, ofOther)).toMatchObject({ status: 422, body: { code: 'no_coverage_mac' } })
    expect((await askGrant(rider, tripId, { ...challenge, s: challenge.s + 1 })).status).toBe(422)
    expect(street.lock.phone().connect({ frame: () => undefined, closed: () => undefined })).toBeNull()

    const key = randomUUID()
    const first = await askGrant(rider, tripId, challenge, key)
    // The same challenge gets the same bytes, by the same key or by another one.
    expect((await askGrant(rider, tripId, challenge, key)).body).toEqual(first.body)
    expect((await askGrant(rider, tripId, challenge)).body).toEqual(first.body)
    phone.say({ ...first.body.grant, s: first.body.grant.s + 1 })
    await expect(phone.next('r')).rejects.toThrow('"why":"mac"')
    phone.say(first.body.grant)
    const receipt = await phone.next('r')
    phone.say(first.body.grant)
    await expect(phone.next('r')).rejects.toThrow('"why":"nonce"')
    phone.leave()

    const forged = { ...receipt, e: { ...receipt.e, t: receipt.e.t + 60_000 } }
    expect(await bring(rider, tripId, forged)).toMatchObject({ status: 422, body: { code: 'no_coverage_mac' } })
    expect((await bring(stranger, tripId, receipt)).status).toBe(404)
    await bring(rider, tripId, receipt)
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    expect(await askGrant(rider, tripId, challenge)).toMatchObject({ body: { code: 'no_coverage_stale' } })
    const again = phoneAt(street)
    expect(await askGrant(rider, tripId, await again.next('ch'))).toMatchObject({ body: { code: 'trip_wrong_state' } })
    again.leave()
  })
})

describe.concurrent('a phone that loses its connection', () => {
  it('before the grant arrived asks again, and the first grant is dead', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const lost = phoneAt(street)
    const first = await askGrant(rider, tripId, await lost.next('ch'))
    lost.leave()
    const phone = phoneAt(street)
    const second = await askGrant(rider, tripId, await phone.next('ch'))
    phone.say(first.body.grant)
    await expect(phone.next('r')).rejects.toThrow('"why":"nonce"')
    phone.say(second.body.grant)
    await bring(rider, tripId, await phone.next('r'))
    phone.leave()
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    const { rows } = await platform.db.query<{ state: string }>(
      'SELECT state FROM no_coverage_grant WHERE trip_id = $1 ORDER BY counter',
      [tripId],
    )
    expect(rows.map(({ state }) => state)).toEqual(['dead', 'opened'])
  })

  it('before the receipt asks the lock for it, and the server does not open twice', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const phone = phoneAt(street)
    const granted = await askGrant(rider, tripId, await phone.next('ch'))
    phone.say(granted.body.grant)
    await until(() => street.lock.boltState() === 'unlocked')
    phone.leave()
    const back = phoneAt(street)
    const challenge = await back.next('ch')
    expect(await askGrant(rider, tripId, challenge)).toMatchObject({ body: { code: 'no_coverage_open' } })
    back.say({ v: 1, k: 't' })
    await bring(rider, tripId, await back.next('r'))
    back.leave()
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
  })
})

describe.concurrent('phone and lock without network', () => {
  it('pause, resume and end a paid ride, which the receipts tell in any order', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const before = await put<PhonePass>(rider, `/v1/no-coverage/passes/${tripId}`)
    expect(before.body).toMatchObject({ key: null, codes: [] })
    expect(before.body.advertisedAs).toContain(street.lock.phone().advertisedAs())
    await bring(rider, tripId, await openedByPhone(street, rider, tripId))
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    const { rows } = await platform.db.query<{ body: object }>(
      `SELECT body FROM lock_report WHERE lock_id = $1 AND body ->> 'to' = 'unlocked'`,
      [street.bike.lockId],
    )
    // What the phone could not read, we did.
    expect(rows[0]?.body).toEqual(expect.objectContaining({ la: expect.any(Number), lo: expect.any(Number) }))
    const { body: pass } = await put<PhonePass>(rider, `/v1/no-coverage/passes/${tripId}`)
    expect((await put<PhonePass>(rider, `/v1/no-coverage/passes/${tripId}`)).body).toEqual(pass)

    const receipts: LockReceipt[] = []
    const use = async (op: PhoneOperation, i: number, act: () => void = () => undefined) => {
      const phone = phoneAt(street)
      const { n } = await phone.next('ch')
      phone.say(codeUse(pass, op, i, n))
      if (op === 'pause') await phone.next('ok')
      act()
      receipts.push(await phone.next('r'))
      phone.leave()
    }
    await use('pause', 1, () => street.lock.pushLever())
    await use('resume', 2)
    await use('pause', 3, () => street.lock.pushLever())
    await use('end', 4)
    expect(receipts.map(({ e }) => [e.to, e.by])).toEqual([
      ['locked', 'hand'],
      ['unlocked', 'ble'],
      ['locked', 'hand'],
      ['locked', 'ble'],
    ])
    for (const receipt of receipts) await bring(rider, tripId, receipt)
    const charged = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(charged.price.lines.map(({ key }) => key)).toContain('pause_minutes')
    street.lock.setAntenna(true)
    await until(() => street.lock.outbox().events === 0)
    expect((await rider.get<TripView>(`/v1/trips/${tripId}`)).body.price).toEqual(charged.price)
    expect((await put(rider, `/v1/no-coverage/passes/${tripId}`)).status).toBe(409)
  })
})

describe.concurrent('a grant that nobody hears of again', () => {
  it('gives the hold back after its time; a lock that opened after all is told to people, and charged to nobody', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const receipt = await openedByPhone(street, rider, tripId)
    await platform.db.query('UPDATE no_coverage_grant SET expires_at = issued_at WHERE trip_id = $1', [tripId])
    const look = () =>
      platform.db.query<{ is_free: boolean }>('SELECT rider_free AS is_free FROM trip WHERE trip_id = $1', [tripId])
    await until(async () => (await look()).rows[0]?.is_free === true)
    await platform.db.query('UPDATE trip SET due_at = created_at WHERE trip_id = $1', [tripId])
    await rider.tripUntil(tripId, ({ payment }) => payment.state === 'released')
    await bring(rider, tripId, receipt)
    street.lock.setAntenna(true)
    await until(() => street.lock.outbox().events === 0)
    const { body: failed } = await rider.get<TripView>(`/v1/trips/${tripId}`)
    expect(failed).toMatchObject({ state: 'failed', failure: 'unlock_unanswered', startedAt: null })
    expect(failed.payment).toMatchObject({ state: 'released', captured: 0 })
    const { rows } = await platform.db.query('SELECT kind FROM alarm WHERE trip_id = $1', [tripId])
    expect(rows).toEqual([{ kind: 'opened_after_release' }])
  })

  it('leaves the rider free, and the lock that says it never opened gives the money back', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const phone = phoneAt(street)
    const granted = await askGrant(rider, tripId, await phone.next('ch'))
    phone.leave()
    const { lockId } = street.bike
    await platform.db.query(
      `UPDATE no_coverage_grant SET expires_at = issued_at, challenged_uptime = 0, ttl_ms = 1 WHERE trip_id = $1`,
      [tripId],
    )
    await until(async () => {
      const { rows } = await platform.db.query(
        `SELECT 1 FROM no_coverage_grant WHERE trip_id = $1 AND state = 'unanswered'`,
        [tripId],
      )
      return rows.length > 0
    })
    street.lock.setAntenna(true)
    street.lock.reboot('watchdog')
    const failed = await rider.tripUntil(asId<TripId>(tripId), ({ payment }) => payment.state === 'released')
    expect(failed.state).toBe('failed')
    expect(platform.rooms.fleet.shadowOf(asId<LockId>(lockId)).bolt).toBe('locked')
    expect(granted.status).toBe(201)
  })
})

describe('a server that starts again in the middle of it', () => {
  it('knows its grant, the receipt, and the key of the ride', async () => {
    const street = await newStreet()
    const { rider, tripId } = await inGarage(street)
    const phone = phoneAt(street)
    const challenge = await phone.next('ch')
    const granted = await askGrant(rider, tripId, challenge)
    platform = await platform.restarted()
    expect((await askGrant(rider, tripId, challenge)).body).toEqual(granted.body)
    phone.say(granted.body.grant)
    const receipt = await phone.next('r')
    phone.leave()
    platform = await platform.restarted()
    await bring(rider, tripId, receipt)
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    const { body: pass } = await put<PhonePass>(rider, `/v1/no-coverage/passes/${tripId}`)
    const back = phoneAt(street)
    back.say(codeUse(pass, 'end', 1, (await back.next('ch')).n))
    await back.next('ok')
    street.lock.pushLever()
    await bring(rider, tripId, await back.next('r'))
    back.leave()
    const charged = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(charged.payment).toMatchObject({ captured: 180 })
  })
})
