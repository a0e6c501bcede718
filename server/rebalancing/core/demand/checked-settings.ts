/** One number that may be tuned: where it stands without a word, how far it may go, and why it stands there. */
export interface Setting {
  readonly value: number
  readonly least: number
  readonly most: number
  readonly unit: string
  readonly why: string
}

/** The table's values, with some of them replaced. Throws a RangeError outside of the table's range. */
export function checkedSettings<Name extends string>(
  table: Readonly<Record<Name, Setting>>,
  changes: Partial<Readonly<Record<Name, number>>>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(table) as Name[]
  const checked = names.map((name) => {
    const { value, least, most } = table[name]
    const chosen = changes[name] ?? value
    if (!(chosen >= least && chosen <= most)) throw new RangeError(`${name} must be ${least} to ${most}, not ${chosen}`)
    return [name, chosen] as const
  })
  return Object.fromEntries(checked) as Record<Name, number>
}
