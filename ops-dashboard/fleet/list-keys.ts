/**
 * Where a list's cursor goes with a key; null: the key is not the list's.
 * @param place of the cursor, −1 for none   @param page rows in sight
 */
export function placeAfterKey(key: string, place: number, count: number, page: number): number | null {
  if (count === 0) return null
  const within = (next: number) => Math.min(count - 1, Math.max(0, next))
  switch (key) {
    case 'ArrowDown':
      return within(place + 1)
    case 'ArrowUp':
      return within(place < 0 ? 0 : place - 1)
    case 'PageDown':
      return within(Math.max(0, place) + page)
    case 'PageUp':
      return within(place - page)
    case 'Home':
      return 0
    case 'End':
      return count - 1
  }
  return null
}
