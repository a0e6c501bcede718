import type { People } from '../../contracts/http/crews.ts'

export type Person = People['people'][number]

/** Those whose name or log-in name has every word of the query; who is switched off only when asked for. */
export function findPeople(people: readonly Person[], query: string, withOff: boolean): readonly Person[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return people.filter(({ name, logIn, endedAt }) => {
    if (endedAt !== null && !withOff) return false
    const text = `${name} ${logIn?.name ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
