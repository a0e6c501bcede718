import type { Operation } from '../../contracts/mqtt/commands.ts'

const paths: Readonly<Record<Operation, string>> = {
  beep: 'M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4M6.5 13.5a1.6 1.6 0 0 0 3 0',
  locate: 'M8 1.5v2.5M8 12v2.5M1.5 8H4M12 8h2.5M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  reboot: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  selftest: 'M2 8.5l3.5 3.5L14 3.5M2 14h12',
  unlock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 4.9-.7',
}

/** Beside the word, never instead of it. */
export function OpIcon({ op }: { readonly op: Operation }) {
  return (
    <svg className="op-icon" viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
      <path d={paths[op]} />
    </svg>
  )
}
