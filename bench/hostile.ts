import { assert, present } from '../contracts/assert.ts'
import { asId, type LockId } from '../contracts/ids.ts'
import { orderLocks } from '../lock-simulator/wire/desk.ts'
import { createRate, type Rate } from '../server/platform/broker-rate.ts'
import { cloned, floods, packetsOfShout, takeovers } from './hostile-floods.ts'
import { type HonestLocks, openHonestLocks } from './hostile-honest.ts'
import {
  type Attacker,
  atTheDoor,
  closing,
  type FirstBytes,
  filters,
  replayed,
  type Said,
  unreadable,
} from './hostile-kinds.ts'
import { type HostileServer, openHostileServer } from './hostile-server.ts'
import { knock, type LetIn, letIn } from './hostile-sockets.ts'
import { holdingsAtRest, type Sent, type Tally, tally, watchMemory } from './hostile-tally.ts'
import { openTarget } from './target-database.ts'

const usualMessages = 1_000_000
const fewestMessages = 2_000
const mostAttackers = 2_000
/** Below what the broker takes of connects in a second. */
const connectsAtOnce = 40
const knocksAtOnce = 100
/** Shares of all messages; what is left goes to words that cannot be read. */
const shares = { door: 0.04, closing: 0.004, filters: 0.1, replays: 0.2 }
/** Of each kind of flood; they come on top, since most of what they shout is never read. */
const floodsOfMessages = 0.000_2
/** A little below what the broker allows of them: once a second, 30 at once. */
const asksPerSecond = 0.95
const askBurst = 25
/** What V8 may leave lying about before it collects it. */
const mostGrowthBytes = 768 * 1_024 * 1_024
/** What is left when it has: complaints and allowances of the locks that spoke. */
const mostHeldBytes = 32 * 1_024 * 1_024
const quietRings = 4

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

/**
 * `npm run bench -- hostile [MESSAGES]`: bad messages of every kind at a real server, while honest locks are served.
 * Throws when one of them is not counted under its reason, leaves a trace in the database, costs an honest lock its
 * connection or a command, or costs more memory than it may. With TEST_DATABASE_URL on that server.
 */
export async function run([amount]: readonly string[]): Promise<Record<string, unknown>> {
  const messages = amount === undefined ? usualMessages : Number(amount)
  assert(Number.isInteger(messages) && messages >= fewestMessages, `a number of messages, at least ${fewestMessages}`)
  const target = await openTarget('hostile')
  try {
    const server = await openHostileServer(target.given, say)
    try {
      const honest = await openHonestLocks(server)
      try {
        return { database: target.kind, ...(await attack(server, honest, messages)) }
      } finally {
        await honest.close()
      }
    } finally {
      await server.close()
    }
  } finally {
    await target.close()
  }
}

async function attack(server: HostileServer, honest: HonestLocks, messages: number): Promise<Record<string, unknown>> {
  const bikes = await orderLocks({
    ...{ httpUrl: server.httpUrl, factoryToken: server.factoryToken, prefix: 'hostile' },
    locks: Math.min(mostAttackers, Math.ceil(messages / 100)),
  })
  const who = bikes.map(({ lockId, mqttPassword }) => ({ lockId: asId<LockId>(lockId), password: mqttPassword }))
  const voices = await openAll(server.mqttPort, who)
  // What is replayed was said once.
  await Promise.all(voices.map((voice) => voice.say(replayed, 1, 1)))
  await honest.allHeard()
  say(`${who.length} locks whose passwords were stolen are in, and the honest ones`)
  const before = await holdingsAtRest(server, honest.names)
  await honest.ringAll(1)
  const quiet = await honest.ringAll(quietRings)
  const { lostConnections } = await honest.count()
  const heldBefore = await server.held()

  const memory = watchMemory(server)
  const rings = honest.ringOn()
  const beganMs = performance.now()
  const { tallies, standing } = await sendAll({ server, honest, rings, messages, who, voices })
  const seconds = (performance.now() - beganMs) / 1_000
  const loud = await rings.stop()
  const lost = (await honest.count()).lostConnections - lostConnections
  const clones = await clone(server, honest, Math.ceil((messages * shares.door) / atTheDoor.length))
  const used = await memory.stop()
  // As many connections as before.
  const held = (await server.held()) - heldBefore
  notTold(standing)
  for (const voice of standing) voice.close()
  const after = await holdingsAtRest(server, honest.names)

  assert(used.after > 0, 'the server lives')
  const { errors, complaints } = server.logged()
  assert(errors === 0, 'no bad message is an error of the server')
  const changed = Object.keys(after).filter((table) => after[table] !== before[table])
  assert(changed.length === 0, `no bad message leaves a trace, but: ${changed.join(', ')}`)
  assert(lost === 0, `${lost} connections of honest locks were lost`)
  assert(quiet.unanswered + loud.unanswered === 0, `${loud.unanswered} of ${loud.asked} honest commands failed`)
  say(`resident memory over the time: ${used.readings.join(', ')} MiB; ${held} bytes more are held than before`)
  assert(held < mostHeldBytes, `${held} bytes more are held than before`)
  assert(used.max - used.before < mostGrowthBytes, `memory is bounded: ${used.readings.join(', ')} MiB`)
  const all = [...tallies, clones.tally]
  const sum = (pick: (one: Tally) => number) => all.reduce((soFar, one) => soFar + pick(one), 0)
  const counted = sum((one) => one.sent - one.behindCut)
  assert(counted >= messages, `${counted} of ${messages} were counted`)
  return {
    ...{ counted, behind_a_cut: sum((one) => one.behindCut), kinds: all.length, attackers: who.length },
    ...{ seconds: Math.round(seconds), per_second: Math.round(counted / seconds) },
    ...{ rows_changed: changed.length, honest_connections_lost: lost },
    ...{ rss_before_bytes: used.before, rss_max_bytes: used.max, rss_after_bytes: used.after, held_bytes: held },
    ...{ errors_logged: errors, complaints_logged: complaints },
    rss_readings_mib: used.readings,
    ...{ quiet_command_p50_ms: quiet.roundTrip.p50, quiet_command_p99_ms: quiet.roundTrip.p99 },
    ...{ command_p50_ms: loud.roundTrip.p50, command_p99_ms: loud.roundTrip.p99, commands: loud.asked },
    ...{ unanswered_commands: loud.unanswered, ...clones.told },
    by_kind: Object.fromEntries(
      all.map((one) => [one.kind, one.behindCut > 0 ? { ...one.counted, behind_a_cut: one.behindCut } : one.counted]),
    ),
  }
}

interface Attack {
  readonly server: HostileServer
  readonly honest: HonestLocks
  readonly rings: ReturnType<HonestLocks['ringOn']>
  readonly messages: number
  readonly who: readonly Attacker[]
  readonly voices: readonly LetIn[]
}

/** Everything but clones of honest locks, which alone may touch those. */
async function sendAll({
  server,
  honest,
  rings,
  messages,
  who,
  voices,
}: Attack): Promise<{ readonly tallies: readonly Tally[]; readonly standing: readonly LetIn[] }> {
  const tallies: Tally[] = []
  const take = async (kind: FirstBytes, send: () => Promise<Sent>) => {
    const one = await tally(server, kind, send)
    const { rung, unanswered, slowestMs } = rings.soFar()
    say(`${sentenceOf(one)}; ${rung} honest commands, ${unanswered} unanswered, the slowest ${slowestMs} ms`)
    tallies.push(one)
  }
  const doors = [...atTheDoor, ...takeovers(honest.safe)]
  const perDoor = Math.ceil((messages * shares.door) / doors.length)
  for (const kind of doors) await take(kind, () => knock(server.mqttPort, kind, who, perDoor, knocksAtOnce))

  const paces = new Map(who.map(({ lockId }) => [lockId, createRate(() => asksPerSecond, askBurst, performance.now())]))
  const perFilter = (messages * shares.filters) / filters.length
  for (const kind of filters) await take(kind, () => spread(voices, kind, perFilter, paces))
  await take(replayed, async () => ({
    ...(await spread(voices, replayed, messages * shares.replays)),
    besideHonest: true,
  }))
  const rest = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0)
  const perUnreadable = (messages * rest) / unreadable.length
  for (const kind of unreadable) await take(kind, () => spread(voices, kind, perUnreadable))

  let standing = [...voices]
  /** Whoever does this is outside afterwards, and comes back as a lock may. */
  const cutOff = async (kind: Said, amount: number, packets?: number) => {
    const used = standing.slice(0, Math.min(standing.length, Math.max(1, Math.ceil(amount))))
    await take(kind, async () => {
      await Promise.all(used.map((voice) => voice.say(kind, 0, 1)))
      return packets === undefined ? { sent: used.length } : { sent: used.length * packets, cutOff: used.length }
    })
    notTold(used)
    const attackers = used.map((voice) => voice.who)
    standing = [...standing.slice(used.length), ...(await openAll(server.mqttPort, attackers))]
  }
  for (const kind of floods) await cutOff(kind, messages * floodsOfMessages, packetsOfShout)
  for (const kind of closing) await cutOff(kind, (messages * shares.closing) / closing.length)
  return { tallies, standing }
}

function notTold(voices: readonly LetIn[]): void {
  for (const voice of voices) assert(voice.toldOf() === 0, `${voice.who.lockId} was told something`)
}

/** Those whose passwords were stolen are taken over, as often as their locks may connect; afterwards they are served. */
async function clone(server: HostileServer, honest: HonestLocks, amount: number) {
  const before = await honest.count()
  let met = { letIn: 0, refused: 0 }
  const one = await tally(server, cloned, async () => {
    const { sent, ...how } = await knock(server.mqttPort, cloned, honest.stolen, amount, knocksAtOnce)
    met = how
    return { sent, besideHonest: true }
  })
  say(sentenceOf(one))
  assert(met.letIn + met.refused === amount, `each clone is told: ${JSON.stringify(met)} of ${amount}`)
  const beganMs = performance.now()
  await honest.allHeard()
  const returnS = Math.round((performance.now() - beganMs) / 1_000)
  const { unanswered } = await honest.ringAll(1)
  assert(unanswered === 0, `${unanswered} locks do not obey after a clone was there`)
  const taken = (await honest.count()).lostConnections - before.lostConnections
  assert(taken <= met.letIn, `${taken} connections were lost to ${met.letIn} clones`)
  const told = {
    clones_let_in: met.letIn,
    clones_refused: met.refused,
    clones_took_over: taken,
    clone_return_s: returnS,
  }
  return { tally: { ...one, sent: amount, behindCut: 0 }, told }
}

const sentenceOf = ({ kind, sent, counted, behindCut, seconds, rss }: Tally): string =>
  `${kind}: ${sent} in ${seconds.toFixed(1)} s, ${JSON.stringify(counted)}` +
  `${behindCut > 0 ? `, ${behindCut} behind a cut` : ''}; ${Math.round(rss / 1_048_576)} MiB`

/** By all voices together, as fast as the broker lets them. */
async function spread(
  voices: readonly LetIn[],
  kind: Said,
  amount: number,
  paces?: ReadonlyMap<LockId, Rate>,
): Promise<Sent> {
  const each = Math.max(1, Math.ceil(amount / voices.length))
  const said = await Promise.all(
    voices.map((voice, index) => voice.say(kind, index * each, each, paces?.get(voice.who.lockId))),
  )
  return { sent: said.reduce((sum, one) => sum + one, 0) }
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
