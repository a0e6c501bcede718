/**
 * Enough of an address for its owner to know it again, too little for anybody else: `+31612345678` → `+31 ••• 78`,
 * `mia@example.org` → `m•••@example.org`.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${address.slice(0, 1)}•••${address.slice(at)}`
  return `${address.slice(0, 3)} ••• ${address.slice(-2)}`
}
