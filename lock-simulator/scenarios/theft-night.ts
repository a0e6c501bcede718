import type { Scenario } from './scenario.ts'

export const theftNight: Scenario = {
  story:
    'At night one bike is carried off as it is and another is forced open: staff are told, and see where the first one goes.',
  bikes: 4,
  riders: 1,
  minutes: 40,
  restFactors: [{ fromMinute: 0, factor: 40 }],
  acts: [
    { atMinute: 10, act: 'force-open', bikes: [1] },
    { atMinute: 10, act: 'carry', bikes: [2], metresPerMinute: 240, forMinutes: 12 },
    { atMinute: 30, act: 'push-lever', bikes: [1] },
  ],
  atTheEnd: [
    { claim: 'alarm', bike: 1, kind: 'forced' },
    { claim: 'alarm', bike: 2, kind: 'stolen' },
    { claim: 'tracked', bike: 2, metres: 2_000 },
  ],
}
