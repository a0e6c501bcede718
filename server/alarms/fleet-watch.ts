import type { BikeId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import { alarmSeverities } from '../../contracts/live/alarm-kinds.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { silentAfterMs as usualSilentAfterMs } from '../fleet/core/bike-state.ts'
import { silentAfterOf } from '../fleet/core/lock-shadow.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import {
  type Anchor,
  calmUntil,
  isOwnOutage,
  judge,
  mayBeOwnOutage,
  type Surroundings,
  type Verdict,
  type WatchedBike,
  type WatchedKind,
  watchedKinds,
} from './core/alarm-rules.ts'
import { type AnchorState, stepAnchor } from './core/anchor-machine.ts'
import { metresOutside, type ParkingRules } from './core/outside-zones.ts'
import type { OpenAlarms } from './open-alarms.ts'

export interface WatchOrder {
  readonly bikeId: BikeId
  readonly kind: WatchedKind
  readonly verdict: Exclude<Verdict, { is: 'unknown' }>
}

export interface Look {
  /** What has to change, the newest news; bounded by nothing but the fleet. */
  readonly orders: readonly WatchOrder[]
  readonly left: readonly (Anchor & { readonly bikeId: BikeId })[]
  readonly taken: readonly BikeId[]
  /** Bikes that somebody gave back since the last look. */
  readonly givenBack: readonly BikeId[]
  /** So many fell silent at once that it is our own line: nothing is told of their silence yet. */
  readonly heldBack: number
}

interface News extends Look {
  readonly orders: WatchOrder[]
  readonly left: (Anchor & { readonly bikeId: BikeId })[]
  readonly taken: BikeId[]
  readonly givenBack: BikeId[]
}
type LookedAt = Omit<News, 'heldBack'>

/** What the database knows and a look needs. */
export interface Known {
  readonly rules: ParkingRules | null
  readonly notFoundTwice: ReadonlySet<BikeId>
  /** They are none of ours any more. */
  readonly retired: ReadonlySet<BikeId>
}

/** One look at the fleet. */
interface Round {
  readonly world: Surroundings
  readonly rules: ParkingRules | null
  readonly notFoundTwice: ReadonlySet<BikeId>
  readonly retired: ReadonlySet<BikeId>
  readonly news: LookedAt
  /** Places that may still be held against the zones. */
  places: number
}

/** What the rules of a bike hang on besides the time. */
interface Scene {
  readonly bike: FleetBike
  readonly kinds: ReadonlyMap<AlarmKind, string>
  readonly rules: ParkingRules | null
  readonly settings: Surroundings['settings']
  readonly isMissed: boolean
}

interface Memory {
  anchor: AnchorState
  /** Where it should have been, until a person saw it elsewhere; that word may be taken back. */
  before: Anchor | null
  isTaken: boolean
  /** Given back then; null: not since this process looks. */
  givenBackAtMs: EpochMs | null
  /** Of this position under these rules. */
  outside: { readonly position: object; readonly rules: ParkingRules; readonly metres: number } | null
  /** Nothing was to be told, and until then nothing is while the scene stays as it is: most bikes, most of the time. */
  calm: (Scene & { readonly untilMs: number }) | null
}

/** Places that are held against the zones at one look: the first look at a city takes a few of them. */
const placesAtOnce = 500
const noAlarms: ReadonlySet<AlarmKind> = new Set()
const noKinds: ReadonlyMap<AlarmKind, string> = new Map()

/** What the rules say of the whole fleet, from memory alone. */
export function createFleetWatch(deps: {
  readonly open: Pick<OpenAlarms, 'of'>
  readonly anchors: ReadonlyMap<BikeId, Anchor>
  readonly listeningSinceMs: EpochMs
}) {
  const { open } = deps
  const memories = new Map<BikeId, Memory>()
  /** Places that hold again and are to be kept. */
  const putBack: (Anchor & { readonly bikeId: BikeId })[] = []

  function memoryOf(bikeId: BikeId, nowMs: EpochMs): Memory {
    const known = memories.get(bikeId)
    if (known) return known
    const anchor = deps.anchors.get(bikeId)
    const fresh: Memory = {
      ...{ before: null, isTaken: false, givenBackAtMs: null, outside: null, calm: null },
      anchor: anchor ? { kind: 'set', anchor } : { kind: 'settling', sinceMs: nowMs, after: null },
    }
    memories.set(bikeId, fresh)
    return fresh
  }

  /** Where the bike should be, and whom that is news for. */
  function follow(bike: FleetBike, memory: Memory, isStolen: boolean, { world: { nowMs }, news }: Round): void {
    const { bikeId, shadow } = bike
    const fix = shadow.position
    const isTaken = isWithSomebody(bike)
    if (memory.isTaken && !isTaken) {
      news.givenBack.push(bikeId)
      memory.givenBackAtMs = nowMs
    }
    memory.isTaken = isTaken
    if (isTaken) memory.before = null
    const isPutDown = fix !== null && fix.bootId < 0
    // Where a thief has put it down is not where it should be.
    if (isStolen && !isTaken && !isPutDown && memory.anchor.kind !== 'set') return
    const facts = { nowMs, isTaken, fix, boltUptimeMs: shadow.stateUptimeMs, isPutDown }
    const anchor = stepAnchor(memory.anchor, facts)
    if (anchor === memory.anchor) return
    if (anchor.kind === 'set') news.left.push({ bikeId, ...anchor.anchor })
    else if (memory.anchor.kind === 'set') news.taken.push(bikeId)
    memory.anchor = anchor
  }

  /** Holds its place against the zones, when it has a new one. True: that was work. */
  function place({ shadow }: FleetBike, memory: Memory, rules: ParkingRules): boolean {
    const fix = shadow.position
    if (fix === null || memory.isTaken) return false
    if (memory.outside?.position === fix && memory.outside.rules === rules) return false
    memory.outside = { position: fix, rules, metres: metresOutside(fix, rules) }
    return true
  }

  /** One bike, unless all is as it was. */
  function lookAt(bike: FleetBike, round: Round): readonly WatchOrder[] {
    const { world, rules } = round
    const memory = memoryOf(bike.bikeId, world.nowMs)
    const kinds = open.of(bike.bikeId)
    const isMissed = round.notFoundTwice.has(bike.bikeId)
    const { calm } = memory
    // Most bikes at most looks: nothing is made here.
    if (
      calm !== null &&
      world.nowMs < calm.untilMs &&
      calm.bike === bike &&
      calm.kinds === kinds &&
      calm.rules === rules &&
      calm.settings === world.settings &&
      calm.isMissed === isMissed
    )
      return noOrders
    if (round.retired.has(bike.bikeId)) return kinds.size === 0 ? noOrders : endOf(bike.bikeId, kinds)
    follow(bike, memory, kinds.has('stolen'), round)
    const mayPlace = rules !== null && round.places > 0
    if (mayPlace && place(bike, memory, rules)) round.places -= 1
    const watched = watchedOf(bike, memory, isMissed, kinds)
    const orders = ordersFor(bike.bikeId, watched, kinds, world)
    const isCalm = orders.length === 0 && mayPlace
    memory.calm = isCalm
      ? { bike, kinds, rules, settings: world.settings, isMissed, untilMs: calmUntil(watched, world) }
      : null
    return orders
  }

  function look(
    bikes: readonly FleetBike[],
    { nowMs, settings }: Omit<Surroundings, 'listeningSinceMs'>,
    { rules, notFoundTwice, retired }: Known,
  ): Look {
    const world: Surroundings = { nowMs, settings, listeningSinceMs: deps.listeningSinceMs }
    const news: LookedAt = { orders: [], left: putBack.splice(0), taken: [], givenBack: [] }
    const round: Round = { world, rules, notFoundTwice, retired, news, places: placesAtOnce }
    const isDoubtful = (order: WatchOrder) => isOfSilence(order) && mayBeOwnOutage(sinceOf(order), world)
    let [newlySilent, inService] = [0, 0]
    for (const bike of bikes) {
      const orders = lookAt(bike, round)
      if (bike.inService) inService += 1
      if (orders.some((order) => order.kind === 'silent' && isDoubtful(order))) newlySilent += 1
      news.orders.push(...orders)
    }
    if (!isOwnOutage(newlySilent, inService)) return { ...news, heldBack: 0 }
    return { ...news, orders: news.orders.filter((order) => !isDoubtful(order)), heldBack: newlySilent }
  }

  /** How many bikes each rule tells of with other settings, as if nothing were open. Changes nothing. */
  function count(
    bikes: readonly FleetBike[],
    world: Omit<Surroundings, 'listeningSinceMs'>,
    { notFoundTwice }: { readonly notFoundTwice: ReadonlySet<BikeId> },
  ): ReadonlyMap<WatchedKind, number> {
    const surroundings: Surroundings = { ...world, listeningSinceMs: deps.listeningSinceMs }
    const counts = new Map<WatchedKind, number>()
    for (const bike of bikes) {
      const { bikeId } = bike
      const watched = watchedOf(bike, memories.get(bikeId) ?? null, notFoundTwice.has(bikeId), noKinds)
      for (const kind of watchedKinds) {
        if (judge(kind, watched, surroundings).is === 'on') counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
    }
    return counts
  }

  return {
    look,
    count,
    /** A person has seen it there: it is where it should be from now on. */
    forgetPlace: (bikeId: BikeId, nowMs: EpochMs): void => {
      const memory = memories.get(bikeId)
      if (memory === undefined) return
      memory.calm = null
      if (memory.anchor.kind !== 'set') return
      memory.before = memory.anchor.anchor
      memory.anchor = { kind: 'settling', sinceMs: nowMs, after: { bootId: -2, uptimeMs: 0 } }
    },
    /** The person takes that word back: it should be where it was, unless somebody has had it since. */
    restorePlace: (bikeId: BikeId): void => {
      const memory = memories.get(bikeId)
      if (memory === undefined || memory.before === null) return
      memory.calm = null
      memory.anchor = { kind: 'set', anchor: memory.before }
      putBack.push({ bikeId, ...memory.before })
      memory.before = null
    },
    /** Since when it stands where it should; null: that is not known. */
    standsSince: (bikeId: BikeId): EpochMs | null => {
      const anchor = memories.get(bikeId)?.anchor
      return anchor?.kind === 'set' ? anchor.anchor.atMs : null
    },
    /** When a rider or a crew last had it: of before this process only its place is known, and since when it is there. */
    hadAt: (bikeId: BikeId, nowMs: EpochMs): EpochMs | null =>
      hadAtOf(memories.get(bikeId), nowMs) ?? deps.anchors.get(bikeId)?.atMs ?? null,
    /** Somebody has had it between two looks, and gave it back: its place is told anew. */
    wasTaken: (bikeId: BikeId): void => {
      const memory = memories.get(bikeId)
      if (memory === undefined) return
      Object.assign(memory, {
        anchor: { kind: 'away' },
        before: null,
        isTaken: true,
        calm: null,
      } satisfies Partial<Memory>)
    },
  }
}

const hadAtOf = (memory: Memory | undefined, nowMs: EpochMs): EpochMs | null =>
  memory?.isTaken === true ? nowMs : (memory?.givenBackAtMs ?? null)

/** What has to change on a bike: none, almost always. */
function ordersFor(
  bikeId: BikeId,
  watched: WatchedBike,
  kinds: ReadonlyMap<AlarmKind, string>,
  world: Surroundings,
): readonly WatchOrder[] {
  let orders: WatchOrder[] = noOrders
  for (const kind of watchedKinds) {
    const verdict = judge(kind, watched, world)
    const isDue = verdict.is === 'off' ? kinds.has(kind) : verdict.is === 'on' && isNews(verdict, kinds.get(kind))
    if (isDue && verdict.is !== 'unknown') orders = [...orders, { bikeId, kind, verdict }]
  }
  return orders
}
const noOrders: WatchOrder[] = []

function watchedOf(
  { inService, custody, trip, shadow }: FleetBike,
  memory: Memory | null,
  isMissed: boolean,
  kinds: ReadonlyMap<AlarmKind, string>,
): WatchedBike {
  const { soc, position, lastHeardAtMs } = shadow
  const isPlaced = memory !== null && memory.outside !== null && memory.outside.position === position
  return {
    ...{ inService, custody, trip, soc, position, lastHeardAtMs },
    anchor: memory?.anchor.kind === 'set' ? memory.anchor.anchor : null,
    outsideM: isPlaced ? (memory.outside?.metres ?? null) : null,
    open: kinds.size === 0 ? noAlarms : new Set(kinds.keys()),
    notFoundTwice: isMissed,
    // The usual one has a threshold of its own in the settings.
    silentAfterMs: silentAfterOf(shadow) > usualSilentAfterMs ? silentAfterOf(shadow) : 0,
  }
}

/** Told because nothing was heard: `lost` may also be told because crews did not find it. */
const isOfSilence = ({ kind, verdict }: WatchOrder) =>
  verdict.is === 'on' && (kind === 'silent' || kind === 'lost') && typeof verdict.detail.since === 'number'
const sinceOf = ({ verdict }: WatchOrder): EpochMs =>
  epochMs(verdict.is === 'on' && typeof verdict.detail.since === 'number' ? verdict.detail.since : 0)

/** What is still open on a bike that is none of ours any more. */
const endOf = (bikeId: BikeId, kinds: ReadonlyMap<AlarmKind, string>): readonly WatchOrder[] =>
  watchedKinds.filter((kind) => kinds.has(kind)).map((kind) => ({ bikeId, kind, verdict: { is: 'off' } }))

/** A rider may have ridden away, or a van has it. A promise and a claim leave a bike where it stands. */
const isWithSomebody = ({ trip, custody }: FleetBike): boolean =>
  (trip !== null && trip !== 'promised') || custody === 'in_van'

const isNews = (verdict: Extract<Verdict, { is: 'on' }>, open: string | undefined): boolean =>
  open === undefined || (verdict.severity !== undefined && rank(verdict.severity) < rank(open))

const rank = (severity: string): number => (alarmSeverities as readonly string[]).indexOf(severity)
