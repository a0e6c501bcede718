import type { Scenario } from './scenario.ts'

export const clonedLock: Scenario = {
  story: "A stranger has a lock's password and takes its connection again and again: the bike still works afterwards.",
  bikes: 3,
  riders: 4,
  minutes: 40,
  restFactors: [{ fromMinute: 0, factor: 0.5 }],
  acts: [{ atMinute: 8, act: 'stranger', bikes: [1], everySeconds: 7, forMinutes: 12 }],
  atTheEnd: [
    { claim: 'rides', atLeast: 3 },
    { claim: 'reports-of', bike: 1, atLeast: 3 },
    { claim: 'every-ride-charged-or-free' },
  ],
}
