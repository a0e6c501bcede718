import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TripView } from '../../../contracts/http/trips.ts'
import { asId, type LockId } from '../../../contracts/ids.ts'
import { decodeAcknowledgement, decodeEvent, decodeHello, encodeMessage } from '../../../contracts/mqtt/codec.ts'
import type { Command, UnsignedCommand } from '../../../contracts/mqtt/commands.ts'
import type { Acknowledgement, Hello } from '../../../contracts/mqtt/reports.ts'
import { downlinkTopic } from '../../../contracts/mqtt/topics.ts'
import type { LockBroker } from '../../../server/platform/broker.ts'
import { realClock } from '../../../server/platform/clock.ts'
import { signCommand } from '../../../server/unlocking/lock-keys.ts'
import { openTestBroker, passwordOf } from '../../fixtures/lock-connection.ts'
import { logInRider } from '../../fixtures/rider-client.ts'
import { openTestPlatform, type TestPlatform } from '../../fixtures/test-platform.ts'

const root = join(import.meta.dirname, '../../..')
const script = join(root, 'docs/shell-lock.sh')
const provisionScript = join(root, 'scripts/provision.ts')
/** Only a bound: the wait ends with the event. */
const patience = { timeout: 60_000, interval: 50 }
const resend = { timeout: 60_000, interval: 2_500 }
const folder = mkdtempSync(join(tmpdir(), 'zwerm-shell-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs docs/shell-lock.sh as its page says: secrets in the environment, Enter on its standard input. */
function startShellLock(secrets: Readonly<Record<string, string>>): ChildProcess {
  const { LOCK_ID: id = '' } = secrets
  return spawn('bash', [script], {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, ...secrets, FLASH_FILE: join(folder, `${id}.flash`) },
  })
}

/** The whole group: the shell and the mosquitto client that it waits for. */
async function stop(lock: ChildProcess): Promise<void> {
  const ended = once(lock, 'exit')
  process.kill(-(lock.pid ?? 0), 'SIGKILL')
  await ended
}

describe('a lock written in shell', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await openTestPlatform()
  })
  afterAll(() => platform.close())

  it('carries a paid ride from the promise to the receipt', async () => {
    const { lines, bike } = await provision(platform, 'shell-lock-1')
    const lock = startShellLock({ ...lines, MQTT_PORT: new URL(platform.mqttUrl).port })
    const rider = await logInRider(platform.url, 'shell@example.org')
    const promiseId = await rider.promise()
    const { shadowOf } = platform.rooms.fleet
    await expect.poll(() => shadowOf(asId<LockId>('shell-lock-1')).bolt, patience).toBe('locked')

    const started = await rider.post<TripView>('/v1/trips', { bikeCode: bike, promiseId }, randomUUID())
    expect([started.status, started.body]).toMatchObject([201, { state: 'unlocking' }])
    const { tripId } = started.body
    const riding = await rider.tripUntil(tripId, ({ command }) => command?.state === 'done')
    expect(riding).toMatchObject({ state: 'riding', command: { resultCode: 'ok' } })

    lock.stdin?.write('\n')
    const charged = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(charged).toMatchObject({ price: { total: 180 }, payment: { state: 'captured', captured: 180 } })
    await stop(lock)
  })
})

/** What `npm run provision` prints, as a shell would take it. */
async function provision(platform: TestPlatform, lockId: string) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      provisionScript,
      '--id',
      lockId,
      '--http-url',
      platform.url,
      '--lon',
      '4.726',
      '--lat',
      '52.3585',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, FACTORY_TOKEN: platform.factoryToken } },
  )
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number]
  expect([code, text]).toEqual([0, expect.stringMatching(/^([A-Z_]+=[A-Za-z0-9_-]+\n){6}$/)])
  const lines = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  )
  return { lines, bike: lines.BIKE_CODE ?? '' }
}

describe('its gate', () => {
  const lockId = asId<LockId>('lock-shell-2')
  const key = Buffer.alloc(32, 7)
  let broker: LockBroker & { readonly port: number }
  let lock: ChildProcess
  const hellos: Hello[] = []
  const acks: string[] = []
  const moves: string[] = []

  beforeAll(async () => {
    broker = await openTestBroker({
      // Its tools connect for every message; a faster clock widens what one lock may do.
      clock: { ...realClock, speed: () => 20 },
      sink: ({ payload }, done) => {
        const [hello, ack, event] = [decodeHello(payload), decodeAcknowledgement(payload), decodeEvent(payload)]
        if (hello.ok) hellos.push(hello.value)
        else if (ack.ok) acks.push(said(ack.value))
        else if (event.ok && event.value.k === 'bolt') moves.push(`${event.value.to} by ${event.value.by}`)
        done('stored')
      },
    })
    lock = start()
  })
  afterAll(async () => {
    await stop(lock)
    await broker.close()
  })
  afterEach(() => {
    acks.length = 0
    moves.length = 0
  })

  const start = () =>
    startShellLock({
      ...{ LOCK_ID: lockId, MQTT_PASSWORD: passwordOf(lockId) ?? '', MQTT_PORT: String(broker.port) },
      ...{ COMMAND_KEY_HEX: key.toString('hex'), KEY_VERSION: '1' },
    })
  const said = ({ id, st, rc }: Acknowledgement) => `${id} ${st} ${rc}`
  const signed = async (over: Partial<UnsignedCommand>, withKey: Uint8Array = key): Promise<Command> => {
    const { b = 0, u = 0 } = await newestHello()
    const plain: UnsignedCommand = {
      ...{ v: 1, id: 'c-1', op: 'unlock', c: 1, b, dl: u + 600_000, a: {}, iat: 1, exp: 2, kv: 1 },
      ...over,
    }
    return signCommand(lockId, plain, withKey)
  }
  const newestHello = async (): Promise<Hello> => {
    await expect.poll(() => hellos.length, patience).toBeGreaterThan(0)
    return hellos.at(-1) as Hello
  }
  /** Sent again and again, as the platform does, until the lock has answered. */
  const sendUntil = async (command: Command, isOver: () => boolean) => {
    await expect
      .poll(async () => {
        await broker.publish(downlinkTopic(lockId, 'cmd'), encodeMessage(command))
        return isOver()
      }, resend)
      .toBe(true)
  }

  it('is silent about a command of another key, and refuses another boot and a passed deadline', async () => {
    await broker.publish(downlinkTopic(lockId, 'cmd'), encodeMessage(await signed({ id: 'forged' }, Buffer.alloc(32))))
    await sendUntil(await signed({ id: 'c-boot', b: 5 }), () => acks.includes('c-boot rej stale_boot'))
    await sendUntil(await signed({ id: 'c-late', dl: 1 }), () => acks.includes('c-late rej expired'))
    expect(acks.filter((ack) => ack.startsWith('forged'))).toEqual([])
    expect(moves).toEqual([])
  })

  it('opens once for a command, however often it comes', async () => {
    const command = await signed({ id: 'c-1', c: 9 })
    await sendUntil(command, () => acks.includes('c-1 done ok'))
    const doneTimes = () => acks.filter((ack) => ack === 'c-1 done ok').length
    const before = doneTimes()
    await sendUntil(command, () => doneTimes() > before)
    const answers = acks.filter((ack) => ack.startsWith('c-1 '))
    expect(new Set(answers)).toEqual(new Set(['c-1 acc ok', 'c-1 done ok']))
    expect(moves).toEqual(['unlocked by cmd'])
  })

  it('keeps its counter over a restart, and tells what became of the last command', async () => {
    await stop(lock)
    const known = hellos.length
    lock = start()
    await expect.poll(() => hellos.length, patience).toBeGreaterThan(known)
    const { b, ctr, res } = await newestHello()
    expect([ctr, res]).toEqual([9, [{ id: 'c-1', st: 'done', rc: 'ok', u: 0 }]])
    expect(b).toBe((hellos[0]?.b ?? 0) + 1)
    await sendUntil(await signed({ id: 'c-old', c: 9 }), () => acks.includes('c-old rej replay'))
    expect(moves).toEqual([])
  })
})
