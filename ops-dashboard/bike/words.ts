import type { TimelineItem } from '../../contracts/http/bike-page.ts'
import type { useText } from '../../ui-kit/i18n/text.ts'

export type Spoken = ReturnType<typeof useText>
export type Facts = TimelineItem['facts']

export const textIn = (facts: Facts, key: string): string | null =>
  typeof facts[key] === 'string' ? (facts[key] as string) : null
export const numberIn = (facts: Facts, key: string): number | null =>
  typeof facts[key] === 'number' ? (facts[key] as number) : null

/** Words for the codes in an item's facts. */
export const wordsOf = ({ ofCode }: Spoken, facts: Facts) => ({
  /** The text `bikes.<group>.<value>`; null: the fact is not there. */
  code: (group: string, key: string): string | null => {
    const value = textIn(facts, key)
    return value === null ? null : ofCode(`bikes.${group}.${value}`, 'bikes.other')
  },
  join: (...parts: readonly (string | null)[]): string =>
    parts.filter((part) => part !== null && part !== '').join(' · '),
})
