import type { Scenario } from './scenario.ts'

export const jammedBolt: Scenario = {
  story: 'A spoke stands in the way of every bolt but one: who cannot open a bike pays nothing for it.',
  bikes: 3,
  riders: 5,
  minutes: 30,
  restFactors: [{ fromMinute: 0, factor: 0.3 }],
  acts: [
    { atMinute: 1, act: 'jam', bikes: [0, 1], isOn: true },
    { atMinute: 22, act: 'jam', bikes: [0, 1], isOn: false },
  ],
  atTheEnd: [{ claim: 'trip-failed-free', bike: 0 }, { claim: 'every-ride-charged-or-free' }],
}
