import type { Scenario } from './scenario.ts'

export const brokerRestart: Scenario = {
  story:
    'The broker ends twice, without a word of anybody leaving: locks come back spread out and tell what they kept.',
  bikes: 12,
  riders: 5,
  minutes: 40,
  restFactors: [{ fromMinute: 0, factor: 0.5 }],
  acts: [
    { atMinute: 12, act: 'broker-restart', downSeconds: 20 },
    { atMinute: 25, act: 'broker-restart', downSeconds: 90 },
  ],
  atTheEnd: [{ claim: 'rides', atLeast: 5 }, { claim: 'every-ride-charged-or-free' }],
}
