import type { ReactNode } from 'react'
import type { AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'

/** How bad, by shape and colour; the word stands beside it. */
export function SeverityMark({ severity }: { readonly severity: AlarmSeverity }) {
  return (
    <svg className={`severity-mark is-${severity}`} width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      {shapes[severity]}
    </svg>
  )
}

const cut = { fill: 'none', stroke: 'var(--paper)', strokeWidth: 2, strokeLinecap: 'round' } as const
const shapes: Readonly<Record<AlarmSeverity, ReactNode>> = {
  urgent: (
    <>
      <path d="M6 1h8l5 5v8l-5 5H6l-5-5V6z" fill="currentColor" />
      <path d="M10 5.5v5.5M10 14.6v.1" {...cut} />
    </>
  ),
  warning: (
    <>
      <path d="M10 1l9.5 17H.5z" fill="currentColor" />
      <path d="M10 7.5v4.2M10 15v.1" {...cut} />
    </>
  ),
  notice: (
    <>
      <circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M10 9.5v5M10 6v.1" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
}
