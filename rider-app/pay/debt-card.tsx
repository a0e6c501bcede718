/** What is owed for earlier rides, and the way to pay it; nothing when nothing is owed. */
export function DebtCard(_props: { readonly returnPath: string; readonly onPaid?: () => void }) {
  return null
}
