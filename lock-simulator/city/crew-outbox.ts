import type { CrewAct, CrewActsAnswer } from '../../contracts/http/crews.ts'
import type { Schedule } from '../body/schedule.ts'
import type { Told } from './zwerm-api.ts'

/** What a crew's phone keeps until the server has it. */
export interface CrewOutbox {
  add(act: CrewAct): void
  waiting(): readonly CrewAct[]
  /** Nothing is sent before this moment of city time: no signal. */
  silenceTill(cityMs: number): void
  /** Sends what waits now, signal or not (the crew stands where there is some); true when nothing waits any more. */
  drain(): Promise<boolean>
}

export interface CrewOutboxOrder {
  readonly waiting: readonly CrewAct[]
  readonly send: (acts: readonly CrewAct[]) => Promise<Told<CrewActsAnswer>>
  readonly clock: { nowMs(): number; speed(): number; isServerHere(): boolean }
  readonly schedule: Schedule
  /** `isAll`: nothing was added since, so the answer's route knows everything that was said. */
  readonly onAnswer: (answer: CrewActsAnswer, isAll: boolean) => void
  readonly onRefused: (acts: readonly CrewAct[], code: string) => void
}

const mostActsAtOnce = 50
/** At most one batch in so long, whichever is longer: a fast city asks no oftener than a slow one. */
const sendAfter = { cityMs: 15_000, realMs: 1_000 }
const retryAfter = { cityMs: 60_000, realMs: 5_000 }
/** While the server is away nobody hears: look again now and then. */
const mostBatchesPerDrain = 20

/** Acts go out in the order in which they were done, one batch at a time, with the ids that they were born with. */
export function createCrewOutbox(order: CrewOutboxOrder): CrewOutbox {
  const { clock, schedule, send } = order
  const acts = [...order.waiting]
  let silentTillMs = 0
  let isPlanned = false
  let underWay: Promise<boolean> | null = null

  function plan(after: typeof sendAfter): void {
    if (isPlanned || acts.length === 0) return
    isPlanned = true
    const waitMs = Math.max(after.cityMs, after.realMs * clock.speed())
    schedule(Math.max(clock.nowMs() + waitMs, silentTillMs), () => {
      isPlanned = false
      // It gets more silent meanwhile.
      if (clock.nowMs() < silentTillMs) plan(sendAfter)
      else void sendBatch()
    })
  }

  /** True when a batch went out and more may. Never rejects. */
  function sendBatch(): Promise<boolean> {
    if (underWay) return underWay
    if (acts.length === 0) return Promise.resolve(false)
    underWay = exchange().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function exchange(): Promise<boolean> {
    const batch = acts.slice(0, mostActsAtOnce)
    const told: Told<CrewActsAnswer> = clock.isServerHere()
      ? await send(batch)
      : { kind: 'nothing', why: 'the server is away' }
    if (told.kind === 'nothing') {
      plan(retryAfter)
      return false
    }
    // The server answers what it did before something broke; the rest goes again.
    acts.splice(0, told.kind === 'refused' ? batch.length : told.value.results.length)
    plan(sendAfter)
    if (told.kind === 'refused') order.onRefused(batch, told.code)
    else order.onAnswer(told.value, acts.length === 0)
    return true
  }

  plan(sendAfter)
  return {
    add: (act) => {
      acts.push(act)
      plan(sendAfter)
    },
    waiting: () => acts.slice(),
    silenceTill: (cityMs) => {
      silentTillMs = cityMs
    },
    drain: async () => {
      for (let batches = 0; acts.length > 0 && batches < mostBatchesPerDrain; batches++) {
        if (!(await sendBatch())) return false
      }
      return acts.length === 0
    },
  }
}
