import { checkedSettings, type Setting } from './checked-settings.ts'

/** Where "validated" is said: one day ahead on two cities of which neither was the test (Ford GoBike, Citi Bike). */
export const demandSettingTable = {
  unmetShare: {
    ...{ value: 0.3, least: 0, most: 1, unit: 'trips per unmet search' },
    why: 'Most people who look and find nothing look again nearby, and are counted there.',
  },
  mostEmptyCorrection: {
    ...{ value: 3, least: 1, most: 10, unit: 'times' },
    why: 'A place empty for 29 of 30 minutes says little of what 30 minutes would have brought.',
  },
  mostProfiles: {
    ...{ value: 6, least: 1, most: 20, unit: 'profiles' },
    why: 'Validated: 1 is clearly worse, 6 to 9 are alike after weeks, fewer are better after two days.',
  },
  profileStarts: {
    ...{ value: 3, least: 1, most: 10, unit: 'starts' },
    why: 'Validated: the mean of fits with 2, 4 and 6 profiles is steadier than one with 6; a fourth adds nothing.',
  },
  profileRounds: {
    ...{ value: 60, least: 1, most: 500, unit: 'rounds' },
    why: 'Validated: 15 are too few, 100 change the fourth decimal.',
  },
  shareStrength: {
    ...{ value: 4, least: 0.01, most: 100, unit: 'trips' },
    why: 'Validated between 1 and 20: how many trips the neighbourhood’s mix of profiles weighs in one cell.',
  },
  profileStrength: {
    ...{ value: 5, least: 0.01, most: 1_000, unit: 'trips' },
    why: 'Validated between 0 and 20: how many trips the city’s mean weighs in one half hour of a profile.',
  },
  slotStrength: {
    ...{ value: 8, least: 0.1, most: 1_000, unit: 'trips' },
    why: 'Validated between 2 and 20 (6 after weeks, 14 after two days): trips that a cell needs before its own half hours outweigh its profiles.',
  },
  cellStrength: {
    ...{ value: 0.7, least: 0.01, most: 100, unit: 'trips' },
    why: 'Cells of one parent differ by about their own mean (shape 0.7), so one trip already says much.',
  },
  parentStrength: {
    ...{ value: 2, least: 0.01, most: 100, unit: 'trips' },
    why: 'Parts of a city differ less than its cells do.',
  },
  mixStrength: {
    ...{ value: 30, least: 0.1, most: 10_000, unit: 'trips' },
    why: 'Trips that a part of the city needs before its own mix of profiles outweighs that of the whole city.',
  },
  dayDecay: {
    ...{ value: 0.98, least: 0.5, most: 1, unit: 'per day' },
    why: 'Validated: 0.94 forgets too much, 1 nothing. Half a day’s weight is left after five weeks.',
  },
  cellLevelDecay: {
    ...{ value: 0.9, least: 0.5, most: 1, unit: 'per day' },
    why: 'Validated: how fast one cell’s level may part from its mean; 0.8 is worse, 0.95 alike.',
  },
  cellLevelStrength: {
    ...{ value: 20, least: 1, most: 1_000, unit: 'trips' },
    why: 'Validated between 5 and 60 without much difference.',
  },
  typicalDecay: {
    ...{ value: 0.95, least: 0.5, most: 1, unit: 'per day' },
    why: 'Validated on the city’s totals: best for both cities together.',
  },
  recentDecay: {
    ...{ value: 0.7, least: 0.1, most: 1, unit: 'per day' },
    why: 'Validated on the city’s totals: about the last three days.',
  },
  recentStrength: {
    ...{ value: 0.3, least: 0, most: 10, unit: 'days' },
    why: 'Validated: pulls the recent level softly to the typical one.',
  },
  oddDayScale: {
    ...{ value: 0.25, least: 0.05, most: 5, unit: 'of a day, log' },
    why: 'Validated: a day that is off by more (rain, a holiday) counts less and less.',
  },
  weatherStrength: {
    ...{ value: 0.5, least: 0.01, most: 100, unit: 'squared tens of degrees' },
    why: 'Halves the effect seen in about five days of ordinary weather, takes a tenth off that of two months.',
  },
  priorRidesPerWeight: {
    ...{ value: 1, least: 0, most: 50, unit: 'rides per unit of weight and day' },
    why: 'Before the first trip: one ride per bike that fits a hotspot, the usual turn-over of a shared bike.',
  },
  priorDays: {
    ...{ value: 0.03, least: 0.001, most: 30, unit: 'days' },
    why: 'The guess may be wrong by a factor of four, a day by a quarter: (0.25 / 1.5)² of a day.',
  },
} as const satisfies Record<string, Setting>

export type DemandSettings = Readonly<Record<keyof typeof demandSettingTable, number>>

/** Throws a RangeError outside of the table's range. */
export const demandSettings = (changes: Partial<DemandSettings> = {}): DemandSettings =>
  checkedSettings(demandSettingTable, changes)
