import type { Scenario } from './scenario.ts'

export const theftNight: Scenario = {
  story: 'At night one lock is forced open and its bike ridden off: staff are told, and see where it goes.',
  bikes: 4,
  riders: 1,
  minutes: 40,
  restFactors: [{ fromMinute: 0, factor: 40 }],
  acts: [
    { atMinute: 10, act: 'force-open', bikes: [2] },
    { atMinute: 10, act: 'carry', bikes: [2], metresPerMinute: 240, forMinutes: 12 },
    { atMinute: 30, act: 'push-lever', bikes: [2] },
  ],
  atTheEnd: [
    { claim: 'alarm', bike: 2, kind: 'forced' },
    { claim: 'tracked', bike: 2, metres: 2_000 },
  ],
}
