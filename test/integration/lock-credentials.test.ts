import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { present } from '../../contracts/assert.ts'
import type { AuditPage } from '../../contracts/http/audit.ts'
import type { BikePage } from '../../contracts/http/bike-page.ts'
import type { FactoryLock, LockBatches, LockRows, LockSecrets, RevokedLock } from '../../contracts/http/locks.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter } from '../../contracts/mqtt/topics.ts'
import { type Factory, labelsOfBatch, locksOfBatch, orderBatch, renewLock } from '../../lock-simulator/factory.ts'
import { withAfterCommit } from '../../server/platform/after-commit.ts'
import { openCertificateAuthority } from '../../server/platform/certificate-authority.ts'
import { openCredentials } from '../../server/provisioning/credentials.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { isClosed } from '../fixtures/lock-connection.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let factory: Factory
let admin: DeskClient
let dispatcher: DeskClient

beforeAll(async () => {
  platform = await openTestPlatform({ env: { MQTTS_PORT: '0' } })
  factory = { httpUrl: platform.url, token: platform.factoryToken }
  admin = await deskClient(platform, 'admin')
  dispatcher = await deskClient(platform, 'dispatcher')
})
afterAll(() => platform.close())

/** Connects as the firmware would; rejects with what the broker says. */
async function connectWith(secrets: LockSecrets, over: IClientOptions = {}): Promise<MqttClient> {
  const isPassword = secrets.credential === 'password'
  const port = isPassword ? platform.addresses.mqttPort : present(platform.addresses.mqttsPort, 'there is a TLS port')
  const client = mqtt.connect({
    ...{ host: '127.0.0.1', port, protocol: isPassword ? 'mqtt' : 'mqtts', protocolVersion: 4, reconnectPeriod: 0 },
    ...{ clientId: secrets.lockId, username: secrets.lockId, clean: true },
    ...(isPassword
      ? { password: secrets.mqttPassword ?? '' }
      : {
          ca: [secrets.authorityPem ?? ''],
          cert: secrets.certificatePem ?? '',
          key: secrets.privateKeyPem ?? '',
        }),
    ...over,
  })
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed before it was connected')))
  })
  client.on('error', () => undefined)
  return client
}

const secretsOf = (lock: FactoryLock | undefined) => present(lock?.secrets, 'a new lock has secrets')
const page = async (number: string) => (await admin.get<BikePage>(`/v1/staff/bikes/by-number/${number}`)).body
const refused = /not authorized|user ?name or password/i

describe('a batch of locks', () => {
  it('is made once, whoever repeats the order, and told the same again', async () => {
    const order = { batchId: 'batch-a', prefix: 'ba-', first: 1, size: 30, credential: 'certificate' } as const
    expect(await orderBatch(factory, order)).toMatchObject({ ...order, made: 30, labelSheets: 2 })
    const locks = await locksOfBatch(factory, 'batch-a')
    expect(locks.map(({ lockId }) => lockId)).toEqual(
      Array.from({ length: 30 }, (_, i) => `ba-${String(i + 1).padStart(6, '0')}`),
    )
    expect(new Set(locks.map(({ code }) => code)).size).toBe(30)
    await orderBatch(factory, order)
    expect(await locksOfBatch(factory, 'batch-a')).toEqual(locks)
  })

  it('is made once when the order comes again before it is done', async () => {
    const order = { batchId: 'batch-d', prefix: 'bd-', first: 1, size: 12, credential: 'certificate' } as const
    const made = await Promise.all(Array.from({ length: 4 }, () => orderBatch(factory, order)))
    expect(made.at(-1)).toMatchObject({ made: 12 })
    const locks = await locksOfBatch(factory, 'batch-d')
    await (await connectWith(secretsOf(locks[5]))).endAsync()
  })

  it('gets one certificate a lock, also from somebody who has not heard yet that it has one', async () => {
    const { db, clock, rooms, dataDir } = platform
    const stale = await openCredentials({
      ...{ db: withAfterCommit(db), clock, keys: rooms.lockKeys, masterKey: new Uint8Array(32), fleet: rooms.fleet },
      ...{ kick: () => undefined, tellDesk: () => undefined, logger: { info: () => undefined } as never },
      authority: await openCertificateAuthority(dataDir, clock.realNowMs()),
    })
    await orderBatch(factory, { batchId: 'batch-f', prefix: 'bf-', first: 1, size: 1, credential: 'certificate' })
    const made = await locksOfBatch(factory, 'batch-f')
    expect(await stale.certify(asId<LockId>('bf-000001'))).toBeNull()
    expect(await locksOfBatch(factory, 'batch-f')).toEqual(made)
  })

  it('that was interrupted is finished by the same order', async () => {
    const order = { batchId: 'batch-b', prefix: 'bb-', first: 1, size: 3, credential: 'password' } as const
    await orderBatch(factory, { ...order })
    await platform.db.query(`UPDATE lock_batch SET size = 5 WHERE batch_id = 'batch-b'`)
    const before = await locksOfBatch(factory, 'batch-b')
    expect(await orderBatch(factory, { ...order, size: 5 })).toMatchObject({ made: 5 })
    expect((await locksOfBatch(factory, 'batch-b')).slice(0, 3)).toEqual(before)
  })

  it('is refused under the id of another one, or with locks that are somebody else’s', async () => {
    const order = { batchId: 'batch-b', prefix: 'bb-', first: 1, size: 4, credential: 'password' } as const
    await expect(orderBatch(factory, order)).rejects.toThrow(/another batch of this id/)
    await expect(orderBatch(factory, { ...order, batchId: 'batch-c' })).rejects.toThrow(/exists already.*bb-000001/)
    await expect(orderBatch(factory, { ...order, batchId: 'batch-c', size: 0 })).rejects.toThrow(/does not fit/)
  })

  it('has labels whose QR codes open its bikes', async () => {
    const wasm = await readFile(new URL('../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url))
    prepareZXingModule({ overrides: { wasmBinary: wasm.buffer as ArrayBuffer } })
    const locks = await locksOfBatch(factory, 'batch-a')
    const svg = await labelsOfBatch(factory, 'batch-a', 2)
    const drawn = [...svg.matchAll(/scale\(([\d.]+)\)"><path[^>]* d="([^"]+)"/g)]
    expect(drawn).toHaveLength(6)
    for (const [i, [, , path = '']] of drawn.entries()) {
      const found = await readBarcodes(pictureOf(path), { formats: ['QRCode'] })
      expect(found.map(({ text }) => text)).toEqual([locks[24 + i]?.url])
    }
    const html = await labelsOfBatch(factory, 'batch-a', 'all')
    expect(html.match(/<svg /g)).toHaveLength(2)
    await expect(labelsOfBatch(factory, 'batch-a', 3)).rejects.toThrow(/nothing here/)
  })

  it('is ordered from the terminal, and its secrets are for nobody else to read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-provision-'))
    const script = fileURLToPath(new URL('../../scripts/provision.ts', import.meta.url))
    const run = (...more: string[]) =>
      promisify(execFile)('node', ['--import', 'tsx', script, '--http-url', platform.url, ...more], {
        env: { ...process.env, FACTORY_TOKEN: platform.factoryToken },
      })
    const secrets = join(folder, 'secrets.json')
    const order = ['--batch', '2', '--prefix', 'cli-', '--labels', join(folder, 'labels'), '--secrets', secrets]
    const { stdout } = await run(...order)
    expect(stdout.split('\n').map((line) => line.split(',')[0])).toEqual(['lock_id', 'cli-000001', 'cli-000002', ''])
    expect((await readdir(join(folder, 'labels'))).sort()).toEqual(['cli-1-2-01.svg', 'cli-1-2.html'])
    expect((await stat(secrets)).mode & 0o777).toBe(0o600)
    const kept = await readFile(secrets, 'utf8')
    await run(...order)
    expect(await readFile(secrets, 'utf8')).toBe(kept)
    await expect(run('--batch', '1001')).rejects.toThrow(/--batch: a whole number, 1 to 1000/)
    await rm(folder, { recursive: true })
  })
})

describe('a stolen lock', () => {
  it('is cut off at once, stays out, and comes back only with new secrets', async () => {
    const [lock] = await locksOfBatch(factory, 'batch-a')
    const old = secretsOf(lock)
    const lockId = asId<LockId>(old.lockId)
    const thief = await connectWith(old)
    await thief.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
    const revoked = await dispatcher.send<RevokedLock>('POST', `/v1/staff/locks/${lockId}/revoke`, {
      ...{ reason: 'Gone from the bridge', cause: 'stolen' },
    })
    expect(revoked).toMatchObject({ status: 200, body: { lockId, inRide: false } })
    await isClosed(thief)
    await expect(connectWith(old)).rejects.toThrow(refused)
    expect(await page(lock?.number ?? '')).toMatchObject({ service: { state: 'out', reason: 'stolen' } })

    // Nobody puts it back on the street, and nobody is told its secrets again.
    const into = await admin.send('POST', `/v1/staff/bikes/${lock?.bikeId}/service`, { to: 'in' })
    expect(into).toMatchObject({ status: 409, body: { code: 'lock_revoked' } })
    expect((await locksOfBatch(factory, 'batch-a'))[0]?.secrets).toBeNull()
    const again = await dispatcher.send('POST', `/v1/staff/locks/${lockId}/revoke`, { reason: 'Again', cause: 'other' })
    expect(again).toMatchObject({ status: 409, body: { code: 'lock_revoked' } })
    const audit = await admin.get<AuditPage>(`/v1/staff/audit?subject=${lockId}`)
    expect(audit.body.entries).toContainEqual(expect.objectContaining({ reason: 'Gone from the bridge', status: 200 }))

    // A restart reads it from the database.
    const { db, clock, rooms } = platform
    const restarted = await openCredentials({
      ...{ db, clock, keys: rooms.lockKeys, masterKey: new Uint8Array(32), authority: null, fleet: rooms.fleet },
      ...{ kick: () => undefined, tellDesk: () => undefined, logger: { info: () => undefined } as never },
    })
    expect(restarted.certificateHolds({ lockId, serial: '4'.repeat(32) })).toBe(false)
    expect(restarted.passwordOf(lockId)).toBeNull()

    // Found again: only who may, gets new secrets.
    const order = { reason: 'Found and checked' }
    expect(await dispatcher.send('POST', `/v1/staff/locks/${lockId}/renew`, order)).toMatchObject({ status: 403 })
    const fresh = await admin.send<LockSecrets>('POST', `/v1/staff/locks/${lockId}/renew`, order)
    expect(fresh.body.commandKeyHex).not.toBe(old.commandKeyHex)
    await expect(connectWith(old)).rejects.toThrow(refused)
    const back = await connectWith(fresh.body)
    expect(platform.rooms.fleet.bikeOfLock(lockId)).toBe(lock?.bikeId)
    await back.endAsync()
    expect(await admin.send('POST', `/v1/staff/bikes/${lock?.bikeId}/service`, { to: 'in' })).toMatchObject({
      status: 200,
    })
  })

  it('with a password is cut off as well, also from the terminal', async () => {
    const [lock] = await locksOfBatch(factory, 'batch-b')
    const old = secretsOf(lock)
    const client = await connectWith(old)
    const fresh = await renewLock(factory, old.lockId, { reason: 'The key file was seen by others' })
    await isClosed(client)
    await expect(connectWith(old)).rejects.toThrow(refused)
    await (await connectWith(fresh)).endAsync()
    const audit = await admin.get<AuditPage>(`/v1/staff/audit?subject=${old.lockId}`)
    expect(audit.body.entries).toMatchObject([
      { action: 'lock.renew:factory', reason: 'The key file was seen by others' },
    ])
  })

  it('that was given a password instead of its certificate keeps that when its batch is ordered again', async () => {
    const order = { batchId: 'batch-e', prefix: 'be-', first: 1, size: 1, credential: 'certificate' } as const
    await orderBatch(factory, order)
    const fresh = await renewLock(factory, 'be-000001', { reason: 'A new modem', credential: 'password' })
    await orderBatch(factory, order)
    expect((await locksOfBatch(factory, 'batch-e')).map(secretsOf)).toEqual([fresh])
    await (await connectWith(fresh)).endAsync()
  })

  it('keeps its old secrets when it cannot be written down that it got new ones', async () => {
    const [, lock] = await locksOfBatch(factory, 'batch-b')
    const old = secretsOf(lock)
    const note = () => Promise.reject(new Error('the disk is full'))
    const order = { reason: 'The key file was seen by others' }
    const { credentials } = platform.rooms
    await expect(credentials.renew(asId<LockId>(old.lockId), order, { staffId: null, note })).rejects.toThrow(/disk/)
    await (await connectWith(old)).endAsync()
  })
})

describe('the broker', () => {
  it('lets nobody in with another lock’s certificate, one that was replaced, or a password instead of one', async () => {
    const [, second, third] = (await locksOfBatch(factory, 'batch-a')).map(secretsOf2)
    if (!second || !third) throw new Error('the batch has three locks')
    await expect(connectWith(second, { clientId: third.lockId })).rejects.toThrow(refused)
    const password = platform.rooms.lockKeys.mqttPassword(asId<LockId>(second.lockId), 1)
    await expect(connectWith({ ...second, credential: 'password', mqttPassword: password })).rejects.toThrow(refused)
    const metrics = await (await fetch(`${platform.url}/metrics`)).text()
    expect(metrics).toMatch(/zwerm_broker_events_total\{event="certificate_of_other"\} 1/)
    expect(metrics).toMatch(/zwerm_broker_events_total\{event="certificate_revoked"\} [2-9]/)
  })
})

describe('the desk', () => {
  it('finds locks by id, number, batch and state, page by page', async () => {
    const asked = async (query: string) => (await dispatcher.get<LockRows>(`/v1/staff/locks?${query}`)).body
    const first = await asked('batch=batch-a&limit=20')
    expect(first.locks).toHaveLength(20)
    const rest = await asked(`batch=batch-a&limit=20&after=${first.next}`)
    expect([rest.locks.length, rest.next]).toEqual([10, null])
    expect((await asked('q=bb-')).locks.map(({ credential }) => credential)).toEqual(Array(5).fill('password'))
    const { number, lockId } = present(first.locks[3], 'there are 20')
    expect((await asked(`q=${number}`)).locks.map((row) => row.lockId)).toEqual([lockId])
    expect((await asked('revoked=true')).locks).toEqual([])
    const { batches } = (await dispatcher.get<LockBatches>('/v1/staff/lock-batches')).body
    expect(batches.map(({ batchId }) => batchId).sort()).toEqual([
      'batch-a',
      'batch-b',
      'batch-d',
      'batch-e',
      'batch-f',
      'cli-1-2',
    ])
  })
})

const secretsOf2 = (lock: FactoryLock) => lock.secrets

/** The squares of a label's path on white, large enough to be read. */
function pictureOf(path: string): Parameters<typeof readBarcodes>[0] {
  const scale = 6
  const quiet = 4
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, length]) => [x, y, length].map(Number))
  const size = (Math.max(...runs.map(([, y = 0]) => y)) + 1 + 2 * quiet) * scale
  const data = new Uint8ClampedArray(size * size * 4).fill(255)
  for (const [x = 0, y = 0, length = 0] of runs) {
    for (let row = (y + quiet) * scale; row < (y + quiet + 1) * scale; row++) {
      for (let column = (x + quiet) * scale; column < (x + quiet + length) * scale; column++) {
        data.fill(0, (row * size + column) * 4, (row * size + column) * 4 + 3)
      }
    }
  }
  return { data, width: size, height: size, colorSpace: 'srgb' } as never
}
