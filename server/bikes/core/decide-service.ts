import type { ServiceAct, ServiceReason, ServiceState } from '../../../contracts/http/bike-page.ts'
import { type Refusal, refuse } from '../../../contracts/refusals.ts'

/** What stands in the way of a bike's service, at one moment. */
export interface ServiceFacts {
  readonly state: ServiceState
  readonly inUse: boolean
  readonly hasCrew: boolean
  /** Of the alarms that keep it from riders. */
  readonly blockingKinds: readonly string[]
}

export interface ServiceDecision {
  readonly state: ServiceState
  readonly reason: ServiceReason | null
  readonly note: string | null
  /** Somebody rides it now: the ride goes on, and nobody gets it after. */
  readonly inRide: boolean
  readonly resolvesAlarms: boolean
}

/** Whether a colleague may take a bike out of service, put it back, or retire it. Total. */
export function decideService(facts: ServiceFacts, act: ServiceAct): ServiceDecision | Refusal {
  if (facts.state === 'retired') return refuse('bike_retired')
  const note = act.note ?? null
  switch (act.to) {
    case 'out':
      return { state: 'out', reason: act.reason, note, inRide: facts.inUse, resolvesAlarms: false }
    case 'retired':
      if (facts.inUse) return refuse('bike_in_use')
      if (facts.hasCrew) return refuse('bike_with_crew')
      return { state: 'retired', reason: null, note, inRide: false, resolvesAlarms: false }
    case 'in': {
      if (facts.hasCrew) return refuse('bike_with_crew')
      const isBlocked = facts.blockingKinds.length > 0
      if (isBlocked && act.resolveAlarms !== true) return refuse('bike_has_alarms', facts.blockingKinds.join(', '))
      return { state: 'in', reason: null, note, inRide: facts.inUse, resolvesAlarms: isBlocked }
    }
  }
}
