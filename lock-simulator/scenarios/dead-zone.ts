import type { Scenario } from './scenario.ts'

export const deadZone: Scenario = {
  story:
    'Half of the street loses its coverage for a quarter of an hour: rides there end when the lock said so, told late.',
  bikes: 8,
  riders: 5,
  minutes: 45,
  restFactors: [{ fromMinute: 0, factor: 0.5 }],
  acts: [
    { atMinute: 12, act: 'coverage', bikes: [0, 1, 2, 3], isOn: false },
    { atMinute: 27, act: 'coverage', bikes: [0, 1, 2, 3], isOn: true },
  ],
  atTheEnd: [{ claim: 'rides', atLeast: 5 }, { claim: 'every-ride-charged-or-free' }],
}
