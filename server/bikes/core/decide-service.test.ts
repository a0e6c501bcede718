import { describe, expect, it } from 'vitest'
import type { ServiceAct } from '../../../contracts/http/bike-page.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import { decideService, type ServiceFacts } from './decide-service.ts'

const standing: ServiceFacts = { state: 'in', inUse: false, hasCrew: false, blockingKinds: [] }
const out: ServiceAct = { to: 'out', reason: 'broken' }
const back: ServiceAct = { to: 'in' }
const retire: ServiceAct = { to: 'retired', note: 'Frame cracked' }

const codeOf = (facts: Partial<ServiceFacts>, act: ServiceAct) => {
  const decided = decideService({ ...standing, ...facts }, act)
  return isRefusal(decided) ? decided.code : decided.state
}

describe('a bike', () => {
  it.each<[string, Partial<ServiceFacts>, ServiceAct, string]>([
    ['is taken out of service', {}, out, 'out'],
    ['is taken out again for another reason', { state: 'out' }, { to: 'out', reason: 'stolen' }, 'out'],
    ['is taken out while a crew has it', { hasCrew: true }, out, 'out'],
    ['is taken out while an alarm is open', { blockingKinds: ['forced'] }, out, 'out'],
    ['is taken out during a ride', { inUse: true }, out, 'out'],
    ['comes back', { state: 'out' }, back, 'in'],
    ['does not come back while a crew has it', { state: 'out', hasCrew: true }, back, 'bike_with_crew'],
    ['does not come back with an alarm', { state: 'out', blockingKinds: ['jammed_open'] }, back, 'bike_has_alarms'],
    [
      'comes back together with its alarms',
      { state: 'out', blockingKinds: ['jammed_open'] },
      { to: 'in', resolveAlarms: true },
      'in',
    ],
    ['is retired', { state: 'out' }, retire, 'retired'],
    ['is not retired under its rider', { inUse: true }, retire, 'bike_in_use'],
    ['is not retired out of a van', { hasCrew: true }, retire, 'bike_with_crew'],
    ['that is retired stays so', { state: 'retired' }, back, 'bike_retired'],
    ['that is retired is not taken out', { state: 'retired' }, out, 'bike_retired'],
  ])('%s', (_, facts, act, wanted) => {
    expect(codeOf(facts, act)).toBe(wanted)
  })

  it('that is taken out during a ride leaves the riders when the ride ends, and says so', () => {
    expect(decideService({ ...standing, inUse: true }, out)).toMatchObject({ inRide: true })
    expect(decideService(standing, out)).toMatchObject({ inRide: false })
  })

  it('resolves alarms only where there are some, and only when asked to', () => {
    const act = { to: 'in', resolveAlarms: true } as const
    expect(decideService({ ...standing, state: 'out' }, act)).toMatchObject({ resolvesAlarms: false })
    expect(decideService({ ...standing, state: 'out', blockingKinds: ['lost'] }, act)).toMatchObject({
      resolvesAlarms: true,
    })
  })
})
