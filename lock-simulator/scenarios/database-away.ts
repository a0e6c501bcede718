import type { Scenario } from './scenario.ts'

export const databaseAway: Scenario = {
  story: 'The database is away for a minute, twice: locks wait with what they have to say, and nothing of it is lost.',
  bikes: 6,
  riders: 4,
  minutes: 40,
  restFactors: [{ fromMinute: 0, factor: 0.5 }],
  acts: [
    { atMinute: 10, act: 'database-away', forSeconds: 60 },
    { atMinute: 24, act: 'database-away', forSeconds: 60 },
  ],
  atTheEnd: [{ claim: 'rides', atLeast: 4 }, { claim: 'every-ride-charged-or-free' }],
}
