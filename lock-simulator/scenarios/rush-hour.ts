import type { Scenario } from './scenario.ts'

export const rushHour: Scenario = {
  story: 'Everybody wants a bike at once, and nothing is broken: every ride opens, closes and is paid.',
  bikes: 12,
  riders: 7,
  minutes: 35,
  restFactors: [
    { fromMinute: 0, factor: 3 },
    { fromMinute: 10, factor: 0.5 },
    { fromMinute: 28, factor: 4 },
  ],
  acts: [],
  atTheEnd: [{ claim: 'rides', atLeast: 12 }, { claim: 'every-ride-charged-or-free' }],
}
