import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type CommandSample, sampleCommands } from '../lock-simulator/wire/command-sample.ts'
import type { CrowdCount } from '../lock-simulator/wire/crowd-orders.ts'
import { type Crowds, startCrowds } from '../lock-simulator/wire/crowds.ts'
import { type FleetBike, openDesk, orderLocks } from '../lock-simulator/wire/desk.ts'
import { startChild } from '../scripts/start/child.ts'
import { type OwnPlatform, openOwnPlatform } from '../scripts/start/own-platform.ts'
import type { Memory } from './fleet-memory.ts'

const usualLocks = 10_000
const processes = 2
/** They are there before the memory is looked at first: what the first lock of a process costs is no lock's share. */
const firstLocks = 100
const commands = 200
/** Locks that come at once are no measure of memory: this many a second. */
const rampPerS = 250
/** Everybody is heard; what they have said is decided on after this. */
const restMs = 20_000
const lookEveryMs = 250
const returnLimitMs = 300_000
const connectLimitMs = 600_000

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)
const nowMs = (): number => performance.timeOrigin + performance.now()

/**
 * A fleet on real sockets against the server as it runs: memory of an idle connected lock, the way of a command there
 * and back, and the return of everybody after kill -9. Beside it aedes as it comes, with the same locks, and the same
 * commands with a hundred locks.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: { locks: { type: 'string', default: String(usualLocks) } },
  })
  const locks = Number(values.locks)
  if (!Number.isInteger(locks) || locks < 2 * firstLocks) throw new Error(`--locks: a number from ${2 * firstLocks}`)
  const bareRss = await measureBare(locks)
  say(`aedes as it comes: ${bareRss} bytes a lock`)
  return { ...(await measurePlatform(locks)), bare_aedes_rss_per_lock_bytes: bareRss }
}

async function measurePlatform(locks: number): Promise<Record<string, unknown>> {
  const memories: ((memory: Memory) => void)[] = []
  let isOver = false
  const platform = await openOwnPlatform({
    program: 'bench/fleet-server.ts',
    onProgress: say,
    // What a server that is stopped in the middle of its work complains of is no finding.
    onLine: (_, line) => isOver || hear(line, memories),
  })
  const crowds = startCrowds(processes)
  try {
    const memory = (): Promise<Memory> => settledMemory((message) => platform.send(message), memories)
    const bikes = await orderLocks({
      ...{ httpUrl: platform.httpUrl, factoryToken: platform.factoryToken, locks, prefix: 'fleet' },
      onProgress: (made) => made % 2_500 === 0 && say(`${made} locks are made`),
    })
    // A server that has never made a lock: what the factory's work has thrown away would hide what a lock takes.
    await platform.kill()
    await platform.start()
    const desk = { httpUrl: platform.httpUrl, deskToken: await openDesk(platform.httpUrl, platform.staffLink()) }
    const first = bikes.slice(0, firstLocks)
    await connect(crowds, platform.mqttUrl, first, firstLocks)
    const few = await sampleCommands(desk, crowds, sampleOf(first))
    say(`commands with ${firstLocks} locks: ${sentence(few)}`)
    const [before, clientsBefore] = [await memory(), await crowds.count()]
    const connectedMs = await connect(crowds, platform.mqttUrl, bikes.slice(firstLocks), locks)
    await pause(restMs)
    const after = await memory()
    const perLock = (pick: (one: Memory) => number) => Math.round((pick(after) - pick(before)) / (locks - firstLocks))
    const rss = perLock((one) => one.rss)
    say(`${locks} locks are heard after ${seconds(connectedMs)} s, ${rss} bytes each in the server`)
    say(`  of them heap ${perLock((one) => one.heapUsed)}, external ${perLock((one) => one.external)}`)
    say(`  the process before and after: ${before.rss} and ${after.rss} bytes`)
    const many = await sampleCommands(desk, crowds, sampleOf(bikes))
    say(`commands with ${locks} locks: ${sentence(many)}`)
    const atRest = await crowds.count()
    const { returnMs, lost } = await killAndReturn(platform, crowds, locks)
    const again = await sampleCommands(
      { ...desk, deskToken: await openDesk(platform.httpUrl, platform.staffLink()) },
      crowds,
      sampleOf(bikes),
    )
    say(`commands after the return: ${sentence(again)}`)
    return {
      ...{ locks, rss_per_lock_bytes: rss, lost: lost + (locks - atRest.heard), return_s: seconds(returnMs) },
      ...{ command_p50_ms: many.roundTrip.p50, command_p99_ms: many.roundTrip.p99 },
      ...{ command_p50_ms_100_locks: few.roundTrip.p50, command_p99_ms_100_locks: few.roundTrip.p99 },
      unanswered_commands: few.unanswered + many.unanswered + again.unanswered,
      client_rss_per_lock_bytes: Math.round((atRest.rssBytes - clientsBefore.rssBytes) / (locks - firstLocks)),
      ...{ heap_per_lock_bytes: perLock((one) => one.heapUsed), connect_s: seconds(connectedMs) },
    }
  } finally {
    isOver = true
    await crowds.stop()
    await platform.close()
  }
}

/** Every so manieth, so that the sample is of the whole fleet. */
function sampleOf(bikes: readonly FleetBike[]): readonly FleetBike[] {
  const step = Math.max(1, Math.floor(bikes.length / commands))
  return bikes.filter((_, index) => index % step === 0).slice(0, commands)
}

async function connect(crowds: Crowds, url: string, bikes: readonly FleetBike[], all: number): Promise<number> {
  const beganMs = nowMs()
  crowds.connect(bikes, { url, seed: 'fleet', rampMs: (bikes.length / rampPerS) * 1_000 })
  await until(crowds, connectLimitMs, (count) => count.heard >= all)
  return nowMs() - beganMs
}

async function killAndReturn(platform: OwnPlatform, crowds: Crowds, locks: number) {
  const killedMs = nowMs()
  await platform.kill()
  // Nobody may be taken for returned who has not noticed yet.
  await until(crowds, connectLimitMs, (count) => count.connected === 0)
  const { listeningMs } = await platform.start()
  say(`killed; the server listens again after ${seconds(listeningMs - killedMs)} s`)
  const count = await until(crowds, returnLimitMs, ({ heard }) => heard >= locks)
  const returnMs = nowMs() - listeningMs
  say(`${count.heard} of ${locks} are heard again after ${seconds(returnMs)} s`)
  return { returnMs, lost: locks - count.heard }
}

/** Looks until it holds or the time is over; the last count. */
async function until(crowds: Crowds, limitMs: number, holds: (count: CrowdCount) => boolean): Promise<CrowdCount> {
  const endMs = nowMs() + limitMs
  let saidMs = nowMs()
  for (;;) {
    const count = await crowds.count()
    if (holds(count) || nowMs() > endMs) return count
    if (nowMs() - saidMs > 5_000) {
      saidMs = nowMs()
      say(`  ${count.connected} connected, ${count.heard} heard, ${count.refused} refused`)
    }
    await pause(lookEveryMs)
  }
}

/** aedes alone, with as many of the same locks: bytes of resident memory a lock. */
async function measureBare(locks: number): Promise<number> {
  const memories: ((memory: Memory) => void)[] = []
  const child = startChild({ name: 'aedes', program: 'bench/fleet-bare.ts', onLine: (_, line) => hear(line, memories) })
  const crowds = startCrowds(processes)
  try {
    const { port } = await child.ready
    const url = `mqtt://127.0.0.1:${String(port)}`
    const bikes = Array.from({ length: locks }, (_, index) => bareLock(index))
    const memory = (): Promise<Memory> => settledMemory((message) => child.send(message), memories)
    await connect(crowds, url, bikes.slice(0, firstLocks), firstLocks)
    const before = await memory()
    await connect(crowds, url, bikes.slice(firstLocks), locks)
    const after = await memory()
    return Math.round((after.rss - before.rss) / (locks - firstLocks))
  } finally {
    await crowds.stop()
    await child.stop()
  }
}

const bareLock = (index: number) =>
  ({
    ...{ lockId: `bare-${String(index).padStart(6, '0')}`, mqttPassword: 'bare', lon: 4.7, lat: 52.3 },
    ...{ commandKeyHex: '00'.repeat(32), keyVersion: 1, bikeId: '', number: '', code: '' },
  }) as unknown as FleetBike

function settledMemory(send: (message: object) => void, memories: ((memory: Memory) => void)[]): Promise<Memory> {
  return new Promise((resolve) => {
    memories.push(resolve)
    send({ settle: true })
  })
}

/** What the server prints for the bench; its complaints go on to the terminal. */
function hear(line: string, memories: ((memory: Memory) => void)[]): void {
  if (line.startsWith('{"settled"')) memories.shift()?.((JSON.parse(line) as { readonly settled: Memory }).settled)
  else if (!/^\{"level":[234]0/.test(line)) say(line)
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10
const sentence = ({ asked, unanswered, toLock, roundTrip }: CommandSample): string =>
  `${asked} asked, ${unanswered} unanswered; to the lock p50 ${toLock.p50} ms, p99 ${toLock.p99} ms; ` +
  `there and back p50 ${roundTrip.p50} ms, p99 ${roundTrip.p99} ms`
