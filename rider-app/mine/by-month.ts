import { cityZone } from '../../ui-kit/city-zone.ts'

/** Things in their months, both newest first as they come: "November 2026". */
export function byMonth<T>(
  tag: string,
  items: readonly T[],
  atOf: (item: T) => number,
): readonly { readonly month: string; readonly items: readonly T[] }[] {
  const format = new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: cityZone() })
  const months: { month: string; items: T[] }[] = []
  for (const item of items) {
    const month = format.format(atOf(item))
    const last = months.at(-1)
    if (last?.month === month) last.items.push(item)
    else months.push({ month, items: [item] })
  }
  return months
}
