import { checkedSettings, type Setting } from './checked-settings.ts'

/**
 * Values are rides that the operator keeps or wins by taking the bike away tonight, apart from what it is used for
 * afterwards. A bike that makes 2 rides a day and is seen to in a week at the latest is worth a few rides.
 */
export const straySettingTable = {
  strayHours: {
    ...{ value: 4, least: 0, most: 720, unit: 'hours' },
    why: 'A bike left outside a hotspot for less is often ridden back the same evening.',
  },
  idleHours: {
    ...{ value: 24, least: 0, most: 720, unit: 'hours' },
    why: 'A whole day without a ride: every hour of demand has passed by once.',
  },
  lowBatteryPercent: {
    ...{ value: 20, least: 0, most: 100, unit: 'percent' },
    why: 'Below 10 a lock is not rented out; at 20 it has about a week left.',
  },
  outsideHotspotValue: {
    ...{ value: 0.3, least: 0, most: 20, unit: 'rides' },
    why: 'Found less often than at a hotspot; reached after a day, less before.',
  },
  idleValuePerDay: {
    ...{ value: 0.5, least: 0, most: 20, unit: 'rides per day' },
    why: 'A quarter of a bike’s usual two rides: it may still be found by itself.',
  },
  mostIdleDays: {
    ...{ value: 4, least: 1, most: 90, unit: 'days' },
    why: 'After that age adds nothing, or one far old bike would draw a van across the city.',
  },
  blockedValue: {
    ...{ value: 6, least: 0, most: 100, unit: 'rides' },
    why: 'Footways must be clear by morning; cities fine about what six rides bring.',
  },
  complaintValue: {
    ...{ value: 3, least: 0, most: 100, unit: 'rides per complaint' },
    why: 'Each person who complained is one who may ask the city to act.',
  },
  mostComplaints: {
    ...{ value: 3, least: 1, most: 20, unit: 'complaints' },
    why: 'The fourth about the same bike says nothing new.',
  },
  lowBatteryValue: {
    ...{ value: 2, least: 0, most: 100, unit: 'rides' },
    why: 'The rides of the day on which it would go silent, and a search that is spared.',
  },
  brokenValue: {
    ...{ value: 3, least: 0, most: 100, unit: 'rides' },
    why: 'Rides lost until it is repaired, and those of riders who walk to it in vain (Kaspi, Raviv, Tzur).',
  },
  silentValue: {
    ...{ value: 1.5, least: 0, most: 100, unit: 'rides' },
    why: 'Worth a broken bike, but found at its last place only every second time.',
  },
  outsideAreaValue: {
    ...{ value: 4, least: 0, most: 100, unit: 'rides' },
    why: 'Nobody may end a ride there, so nobody brings it back: two days of rides.',
  },
  mostValue: {
    ...{ value: 15, least: 1, most: 1_000, unit: 'rides' },
    why: 'However many reasons, one bike is not worth a van’s whole hour.',
  },
} as const satisfies Record<string, Setting>

export type StraySettings = Readonly<Record<keyof typeof straySettingTable, number>>

/** Throws a RangeError outside of the table's range. */
export const straySettings = (changes: Partial<StraySettings> = {}): StraySettings =>
  checkedSettings(straySettingTable, changes)
