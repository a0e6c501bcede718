import { seededRandom } from '../../contracts/random.ts'
import { isOnRoute } from './core/crew-machine.ts'
import type { CrewPhase } from './core/crew-state.ts'
import type { LocalTime } from './core/demand.ts'
import type { Crew } from './crew.ts'
import { type CrewCounts, type CrewOnDuty, type CrewSurroundings, openCrew } from './crew-shift.ts'
import type { SavedCrew } from './saved-city.ts'

export interface CrewsOrder extends Omit<CrewSurroundings, 'counts'> {
  readonly vans: number
  readonly localTime: (cityMs: number) => LocalTime
  readonly saved: readonly SavedCrew[]
}

export interface CrewsState extends CrewCounts {
  readonly byPhase: Readonly<Partial<Record<CrewPhase, number>>>
  readonly vansOut: number
  readonly bikesInVans: number
  /** On the routes at hand. */
  readonly drivenKm: number
  readonly actsWaiting: number
}

export interface Crews {
  state(): CrewsState
  /** For a later run: where the vans are, what is in them, what the server was not told. */
  saved(): readonly SavedCrew[]
  stop(): void
}

/** On the operator's clock: crews come in for the usual night shift, some of them a little late. */
const dutyMinutes = { from: 21 * 60 + 45, to: 29 * 60 + 30, mostLate: 15 }
const roundEveryMs = 180_000
/** So long before the end of a shift the van turns home. */
const turnHomeMs = 900_000
const noonMinute = 720
const dayMinutes = 1_440
const dayMs = 86_400_000

/** The night crews, one for each van: in at ten, home by six. */
export function sendCrewsOut(order: CrewsOrder): Crews {
  const { clock, schedule } = order
  const counts: CrewCounts = { bikesMoved: 0, notFound: 0, broken: 0, actsRefused: {} }
  const all = Array.from({ length: order.vans }, (_, index) =>
    openCrew({ ...order, counts }, index, order.saved.find((one) => one.index === index) ?? null),
  )
  let cancelRound: () => void = () => undefined

  function round(): void {
    const nowMs = clock.nowMs()
    for (const { crew, feed } of all) {
      // A van that still has bikes from an earlier run comes in whatever the hour.
      const isWanted = isOnDuty(order, crew, nowMs) || crew.bikes.size > 0
      feed({ kind: isWanted ? 'duty_begins' : 'duty_ends' })
      const { route } = crew.state
      if (route !== null && nowMs >= route.endsAt - turnHomeMs) feed({ kind: 'time_is_up' })
    }
    cancelRound = schedule(nowMs + roundEveryMs, round)
  }
  round()

  return {
    state: () => stateOf(all, counts),
    saved: () => all.map(savedOf),
    stop: () => {
      cancelRound()
      for (const { stop } of all) stop()
    },
  }
}

/** By minutes from noon to noon. How late a crew is differs from night to night. */
function isOnDuty({ seed, localTime }: CrewsOrder, { index }: Crew, nowMs: number): boolean {
  const minute = (localTime(nowMs).hour * 60 + dayMinutes - noonMinute) % dayMinutes
  const night = Math.floor((nowMs - dayMs / 2) / dayMs)
  const lateMinutes = seededRandom(seed, `crew ${index} in night ${night}`).integer(0, dutyMinutes.mostLate)
  return minute >= dutyMinutes.from - noonMinute + lateMinutes && minute < dutyMinutes.to - noonMinute
}

function savedOf({ crew, outbox }: CrewOnDuty): SavedCrew {
  const { lon, lat } = crew.place
  const carries = [...crew.bikes.keys()] as SavedCrew['carries']
  return { index: crew.index, lon, lat, isSomewhere: crew.isSomewhere, carries, acts: [...outbox.waiting()] }
}

function stateOf(all: readonly CrewOnDuty[], counts: CrewCounts): CrewsState {
  const byPhase: Partial<Record<CrewPhase, number>> = {}
  for (const { crew } of all) byPhase[crew.state.phase] = (byPhase[crew.state.phase] ?? 0) + 1
  const sum = (of: (one: CrewOnDuty) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    ...counts,
    actsRefused: { ...counts.actsRefused },
    byPhase,
    vansOut: all.filter(({ crew }) => isOnRoute(crew.state)).length,
    bikesInVans: sum(({ crew }) => crew.bikes.size),
    drivenKm: Math.round(sum(({ crew }) => crew.drivenM) / 100) / 10,
    actsWaiting: sum(({ outbox }) => outbox.waiting().length),
  }
}
