/** What can be set in a lock, in whole numbers, each with its ends. No schema library here: browsers load this. */
export const settingRanges = {
  park_s: { minimum: 60, maximum: 3_600 },
  ride_s: { minimum: 5, maximum: 120 },
  wake_mg: { minimum: 50, maximum: 2_000 },
  chase_m: { minimum: 20, maximum: 1_000 },
  beep: { minimum: 0, maximum: 1 },
  guard: { minimum: 0, maximum: 1 },
} as const satisfies Readonly<Record<string, { readonly minimum: number; readonly maximum: number }>>

/** How a lock leaves the factory. */
export const factoryValues = { park_s: 300, ride_s: 15, wake_mg: 120, chase_m: 50, beep: 1, guard: 1 } as const
