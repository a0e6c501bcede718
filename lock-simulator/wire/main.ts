import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type CommandSample, sampleCommands } from './command-sample.ts'
import { type Crowds, startCrowds } from './crowds.ts'
import { type FleetBike, openDesk, orderLocks } from './desk.ts'
import { rideOutFaults } from './faulty-fleet.ts'
import { faultyTable } from './faulty-table.ts'
import { type FleetOptions, fleetUsage, readFleetOptions } from './fleet-options.ts'
import { type FleetPlatform, runningPlatform, startOwnPlatform } from './fleet-platform.ts'
import { fleetTable } from './fleet-table.ts'

/** `npm run fleet -- --locks 10000`: a fleet on real sockets, its progress and what came of it. */

const wrongOptionExitCode = 2
const failedExitCode = 1
const lookEveryMs = 1_000
/** Half of what a broker lets in: the ramp is a morning, not a storm. */
const connectsPerS = 250
const everybodyLimitMs = 600_000

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`)
const stops: (() => Promise<void>)[] = []
let isStopping = false

async function stopAll(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (const stop of stops.reverse()) await stop()
  process.exit(code)
}

const args = process.argv.slice(2)
if (args.includes('--help')) say(fleetUsage)
else {
  const checked = readFleetOptions(args, fileLimit())
  if (checked.ok) await main(checked.options)
  else {
    for (const sentence of checked.sentences) process.stderr.write(`${sentence}\n`)
    process.stderr.write(`\n${fleetUsage}\n`)
    process.exitCode = wrongOptionExitCode
  }
}

async function main(options: FleetOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      say('\nStopping …')
      void stopAll(0)
    })
  }
  try {
    await stopAll((await showFleet(options)) ? 0 : failedExitCode)
  } catch (error) {
    if (isStopping) return
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    await stopAll(failedExitCode)
  }
}

/** True when all is as it must be. */
async function showFleet(options: FleetOptions): Promise<boolean> {
  const ca = options.caFile === null ? null : readFileSync(options.caFile, 'utf8')
  const { url } = options
  const platform = url === null ? await startOwnPlatform(options.isTls) : runningPlatform(url, options.httpUrl, ca)
  stops.push(() => platform.close())
  say(`${options.locks} locks are ordered from the factory of ${platform.httpUrl}`)
  const { httpUrl, factoryToken } = platform
  const bikes = await orderLocks({ httpUrl, factoryToken, locks: options.locks, prefix: options.prefix })
  const crowds = startCrowds(options.processes)
  stops.push(() => crowds.stop())
  const beganMs = performance.now()
  const rampMs = (bikes.length / connectsPerS) * 1_000
  if (options.hasFaults) {
    const { seed, minutes } = options
    const { text, isWell } = faultyTable(await rideOutFaults({ platform, crowds, bikes, seed, rampMs, minutes, say }))
    say(`\nseed ${seed}\n${text}`)
    return isWell
  }
  crowds.connect(bikes, { url: platform.mqttUrl, seed: options.seed, rampMs, ca: platform.ca })
  await showProgress(crowds, (heard) => heard < bikes.length && performance.now() - beganMs < everybodyLimitMs)
  const connectS = (performance.now() - beganMs) / 1_000
  const commands = await ringSome(options, platform, crowds, bikes)
  const endMs = performance.now() + options.minutes * 60_000
  await showProgress(crowds, () => performance.now() < endMs)
  const count = await crowds.count()
  const serverRssBytes = platform.serverRssBytes()
  say(`\n${fleetTable({ count, processes: options.processes, connectS, commands, serverRssBytes })}`)
  return count.heard === bikes.length && (commands?.unanswered ?? 0) === 0
}

async function showProgress(crowds: Crowds, goesOn: (heard: number) => boolean): Promise<void> {
  for (;;) {
    const { locks, connected, heard, messagesStored, refused } = await crowds.count()
    const line = `${connected} of ${locks} connected, ${heard} heard, ${messagesStored} messages stored, ${refused} refused`
    if (process.stdout.isTTY) process.stdout.write(`\r  ${line}   `)
    else say(`  ${line}`)
    if (!goesOn(heard) || isStopping) break
    await pause(lookEveryMs)
  }
  if (process.stdout.isTTY) say('')
}

async function ringSome(
  { samples }: FleetOptions,
  { httpUrl, staffLink }: FleetPlatform,
  crowds: Crowds,
  bikes: readonly FleetBike[],
): Promise<CommandSample | null> {
  if (staffLink === null || samples === 0) return null
  const step = Math.max(1, Math.floor(bikes.length / samples))
  const some = bikes.filter((_, index) => index % step === 0).slice(0, samples)
  say(`  ${some.length} of them are asked to ring`)
  return sampleCommands({ httpUrl, deskToken: await openDesk(httpUrl, staffLink) }, crowds, some)
}

function fileLimit(): number {
  const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  return said === 'unlimited' ? Number.POSITIVE_INFINITY : Number(said)
}
