import { setTimeout as pause } from 'node:timers/promises'
import mqtt from 'mqtt'
import { assert, present } from '../contracts/assert.ts'
import type { ProvisionedBike } from '../contracts/http/staff.ts'
import { asId, type LockId } from '../contracts/ids.ts'
import { downlinkFilter, uplinkTopic } from '../contracts/mqtt/topics.ts'
import {
  type Attacker,
  atTheDoor,
  closing,
  type FirstBytes,
  filters,
  publishBytes,
  replayed,
  type Said,
  unreadable,
} from './hostile-kinds.ts'
import { type HostileServer, openHostileServer } from './hostile-server.ts'
import { knock, type LetIn, letIn } from './hostile-sockets.ts'

const usualMessages = 1_000_000
const mostAttackers = 2_000
const honestLocks = 5
const bikesPerOrder = 250
/** Below what the broker takes of connects in a second. */
const connectsAtOnce = 40
const knocksAtOnce = 100
const shoutOfOne = 1_000
/** Shares of all messages; what is left goes to words that cannot be read. */
const shares = { door: 0.04, closing: 0.003, filters: 0.3, floods: 0.2, replays: 0.1 }
/** Beyond it, memory is not bounded by anything that we know. */
const mostGrowthBytes = 400 * 1_024 * 1_024
const lookEveryMs = 500
const restLimitMs = 120_000

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

interface Tally {
  readonly kind: string
  readonly sent: number
  readonly seconds: number
  readonly counted: Readonly<Record<string, number>>
}

/**
 * `npm run bench -- hostile [MESSAGES]`: bad messages of every kind at a real server, while honest locks are served.
 * Throws when one of them is not counted, leaves a trace in the database, or costs more memory than it may.
 */
export async function run([amount]: readonly string[]): Promise<Record<string, unknown>> {
  const messages = amount === undefined ? usualMessages : Number(amount)
  assert(Number.isInteger(messages) && messages >= 2_000, 'a number of messages, at least 2000')
  say('opening the server')
  const server = await openHostileServer(say)
  try {
    return await attack(server, messages)
  } finally {
    await server.close()
  }
}

async function attack(server: HostileServer, messages: number): Promise<Record<string, unknown>> {
  const attackers = Math.min(mostAttackers, Math.ceil(messages / 100))
  const bikes = await provision(server, attackers + honestLocks)
  const honest = await Promise.all(bikes.splice(0, honestLocks).map((bike) => connectHonest(server, bike)))
  const who = bikes.map(({ lockId, mqttPassword }) => ({ lockId: asId<LockId>(lockId), password: mqttPassword }))
  say(`${who.length} locks whose passwords were stolen, ${honest.length} honest ones`)
  let voices = await openAll(server.mqttPort, who)
  // What is replayed was said once.
  await Promise.all(voices.map((voice) => voice.say(replayed, 1, 1)))
  await atRest(server)
  const before = await holdingsAtRest(server)
  const quietMs = await saidByHonest(honest, 20)
  const watch = watchMemory(server, honest)
  const tallies: Tally[] = []
  const beganMs = performance.now()
  const tally = async (kind: FirstBytes, send: () => Promise<number>) => {
    tallies.push(await counted(server, kind, send))
  }

  const perDoor = Math.ceil((messages * shares.door) / atTheDoor.length)
  for (const kind of atTheDoor) await tally(kind, () => knock(server.mqttPort, kind, who, perDoor, knocksAtOnce))
  for (const kind of filters)
    await tally(kind, () => spread(voices, kind, (messages * shares.filters) / filters.length))
  await tally(replayed, () => spread(voices, replayed, messages * shares.replays))
  const rest = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0)
  for (const kind of unreadable) await tally(kind, () => spread(voices, kind, (messages * rest) / unreadable.length))
  const shouts = Math.min(who.length, Math.ceil((messages * shares.floods) / shoutOfOne))
  const flooders = voices.slice(0, shouts)
  await tally(flood, async () => {
    await Promise.all(flooders.map((voice) => voice.shout(flood.bytes(voice.who, 0))))
    return flooders.length * shoutOfOne
  })
  // The flooded ones are outside now; the others do what closes a connection, each once and again.
  voices = voices.slice(shouts)
  const perClosing = Math.max(1, Math.min(voices.length, Math.ceil((messages * shares.closing) / closing.length)))
  for (const kind of closing) {
    await tally(kind, async () => {
      const used = voices.slice(0, perClosing)
      await Promise.all(used.map((voice) => voice.say(kind, 0, 1)))
      const back = await openAll(
        server.mqttPort,
        used.map((voice) => voice.who),
      )
      voices = [...voices.slice(perClosing), ...back]
      return used.length
    })
  }
  const seconds = (performance.now() - beganMs) / 1_000
  await atRest(server)
  const memory = await watch.stop()
  const after = await holdingsAtRest(server)
  for (const voice of voices) voice.close()
  for (const { client } of honest) await client.endAsync(true)

  for (const { kind, sent, counted: by } of tallies) say(`${String(sent).padStart(8)}  ${kind}: ${JSON.stringify(by)}`)
  assert(!server.hasEnded(), 'the server lives')
  const changed = Object.keys(after).filter((table) => after[table] !== before[table])
  assert(changed.length === 0, `no bad message leaves a trace, but: ${changed.join(', ')}`)
  assert(memory.max - memory.before < mostGrowthBytes, 'memory is bounded')
  const sent = tallies.reduce((sum, one) => sum + one.sent, 0)
  return {
    ...{ sent, kinds: tallies.length, attackers: who.length, seconds: Math.round(seconds) },
    ...{ per_second: Math.round(sent / seconds), rows_changed: changed.length },
    ...{ rss_before_bytes: memory.before, rss_max_bytes: memory.max, rss_after_bytes: memory.after },
    ...{ honest_p50_quiet_ms: quietMs, honest_p50_ms: memory.p50, honest_p99_ms: memory.p99 },
    by_kind: Object.fromEntries(tallies.map((one) => [one.kind, one.sent])),
  }
}

/** More than the broker lets wait for one lock, without a pause. */
const flood: FirstBytes = {
  ...{ name: 'flood beyond the rate', counted: ['flood'] },
  bytes: ({ lockId }) =>
    Buffer.concat(
      Array.from({ length: shoutOfOne }, (_, i) => publishBytes(uplinkTopic(lockId, 'log'), 'x', i, { qos: 0 })),
    ),
}

/** What the server made of a kind; every message of it has to be in one of its counters. */
async function counted(server: HostileServer, kind: FirstBytes, send: () => Promise<number>): Promise<Tally> {
  const before = await server.counters()
  const beganMs = performance.now()
  const sent = await send()
  await atRest(server)
  const seconds = (performance.now() - beganMs) / 1_000
  const after = await server.counters()
  const by: Record<string, number> = {}
  for (const [event, value] of after) {
    const grown = value - (before.get(event) ?? 0)
    if (grown > 0) by[event] = grown
  }
  const found = kind.counted.reduce((sum, event) => sum + (by[event] ?? 0), 0)
  const least = kind === flood ? sent / shoutOfOne : sent
  assert(found >= least, `${kind.name}: ${least} were sent and ${found} counted (${JSON.stringify(by)})`)
  say(`${kind.name}: ${sent} in ${seconds.toFixed(1)} s`)
  return { kind: kind.name, sent, seconds, counted: by }
}

/** By all voices together, as fast as the broker lets them. */
async function spread(voices: readonly LetIn[], kind: Said, amount: number): Promise<number> {
  const each = Math.max(1, Math.ceil(amount / voices.length))
  const sent = await Promise.all(voices.map((voice) => voice.say(kind, each, each)))
  return sent.reduce((sum, one) => sum + one, 0)
}

async function openAll(port: number, who: readonly Attacker[]): Promise<LetIn[]> {
  const open: LetIn[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < who.length) open.push(await letIn(port, present(who[next++], 'there is a next one')))
  }
  await Promise.all(Array.from({ length: connectsAtOnce }, work))
  return open
}

/** Until its counters stand still between two looks. */
async function atRest(server: HostileServer): Promise<void> {
  const untilMs = performance.now() + restLimitMs
  let last = ''
  while (performance.now() < untilMs) {
    // What honest locks say meanwhile is counted too.
    const now = JSON.stringify(
      [...(await server.counters())].filter(([event]) => event !== 'uplink' && event !== 'unreadable'),
    )
    if (now === last) return
    last = now
    await pause(lookEveryMs)
  }
  throw new Error('the server does not come to rest')
}

/** What was told before is applied a moment later: until two looks are the same. */
async function holdingsAtRest(server: HostileServer): Promise<Readonly<Record<string, string>>> {
  const untilMs = performance.now() + restLimitMs
  let last = await server.holdings()
  while (performance.now() < untilMs) {
    await pause(lookEveryMs)
    const now = await server.holdings()
    if (JSON.stringify(now) === JSON.stringify(last)) return now
    last = now
  }
  throw new Error('the database does not come to rest')
}

interface Honest {
  readonly lockId: LockId
  readonly client: mqtt.MqttClient
}

async function connectHonest(server: HostileServer, bike: ProvisionedBike): Promise<Honest> {
  const lockId = asId<LockId>(bike.lockId)
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.mqttPort}`, {
    ...{ clientId: lockId, username: lockId, password: bike.mqttPassword, protocolVersion: 4 },
    ...{ keepalive: 300, reconnectPeriod: 0 },
  })
  await client.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
  return { lockId, client }
}

const median = (values: readonly number[], share = 0.5): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100
}

async function saidByHonest(honest: readonly Honest[], amount: number): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < amount; i++) {
    took.push(await saidAndStored(present(honest[i % honest.length], 'there are honest locks')))
  }
  return median(took)
}

/** How long an honest lock waits for its receipt, ms. Diagnostics leave no row, and take the same way through the broker. */
async function saidAndStored({ lockId, client }: Honest): Promise<number> {
  const beganMs = performance.now()
  await client.publishAsync(uplinkTopic(lockId, 'log'), 'x', { qos: 1 })
  return performance.now() - beganMs
}

/** Memory, and a word of an honest lock, twice a second while it lasts. */
function watchMemory(server: HostileServer, honest: readonly Honest[]) {
  const rss: number[] = []
  const took: number[] = []
  let on = true
  const loop = async (): Promise<void> => {
    for (let i = 0; on; i++) {
      rss.push(await server.rss())
      took.push(await saidAndStored(present(honest[i % honest.length], 'there are honest locks')))
      await pause(lookEveryMs)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      on = false
      await running
      const after = await server.rss()
      const before = rss[0] ?? 0
      return { before, max: Math.max(...rss, after), after, p50: median(took), p99: median(took, 0.99) }
    },
  }
}

async function provision(server: HostileServer, amount: number): Promise<ProvisionedBike[]> {
  const bikes: ProvisionedBike[] = []
  while (bikes.length < amount) {
    const order = Array.from({ length: Math.min(bikesPerOrder, amount - bikes.length) }, (_, i) => ({
      lockId: `hostile-${bikes.length + i}`,
    }))
    const answer = await fetch(`${server.url}/v1/staff/bikes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.factoryToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bikes: order }),
    })
    assert(answer.status === 201, 'new bikes are taken')
    bikes.push(...((await answer.json()) as { bikes: ProvisionedBike[] }).bikes)
  }
  return bikes
}
