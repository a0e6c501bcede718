/** A story of a street: who is on it, what happens when, and what must be true in the end. Data, to be read aloud. */
export interface Scenario {
  readonly story: string
  readonly bikes: number
  readonly riders: number
  readonly minutes: number
  /** Rests between rides last so many times longer, from a minute on. */
  readonly restFactors: readonly { readonly fromMinute: number; readonly factor: number }[]
  readonly acts: readonly ScenarioAct[]
  readonly atTheEnd: readonly EndClaim[]
}

/** `bikes` by their place on the street, 0 the first; `'all'`: every one. */
export type ScenarioAct = {
  readonly atMinute: number
  readonly bikes?: 'all' | readonly number[]
} & (
  | { readonly act: 'coverage'; readonly isOn: boolean }
  | { readonly act: 'jam'; readonly isOn: boolean }
  | { readonly act: 'force-open' }
  | { readonly act: 'push-lever' }
  /** Carried or driven away, north-east, with nobody on it. */
  | { readonly act: 'carry'; readonly metresPerMinute: number; readonly forMinutes: number }
  /** A stranger connects under the lock's name, every so often. */
  | { readonly act: 'stranger'; readonly everySeconds: number; readonly forMinutes: number }
  | { readonly act: 'broker-restart'; readonly downSeconds: number }
  | { readonly act: 'database-away'; readonly forSeconds: number }
)

/** Held against the platform's own tables and the street, once the world has come to rest. */
export type EndClaim =
  | { readonly claim: 'rides'; readonly atLeast: number }
  | { readonly claim: 'reports-of'; readonly bike: number; readonly atLeast: number }
  | { readonly claim: 'alarm'; readonly bike: number; readonly kind: string }
  | { readonly claim: 'tracked'; readonly bike: number; readonly metres: number }
  | { readonly claim: 'trip-failed-free'; readonly bike: number }
  | { readonly claim: 'every-ride-charged-or-free' }
