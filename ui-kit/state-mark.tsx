import type { ReactNode } from 'react'
import type { BikeState } from '../contracts/live/bike-states.ts'

/** The map's mark of a state, for lists and the legend: same shape, same colour as in map/bike-shaders.ts. */
export function StateMark({ state }: { readonly state: BikeState }) {
  return (
    <svg
      className="state-mark"
      width="20"
      height="20"
      viewBox="0 0 20 20"
      aria-hidden="true"
      style={{ color: `var(--state-${state.replaceAll('_', '-')})` }}
    >
      {shapes[state]}
    </svg>
  )
}

const cut = { fill: 'none', stroke: 'var(--paper)', strokeWidth: 2, strokeLinecap: 'round' } as const
const shapes: Readonly<Record<BikeState, ReactNode>> = {
  available: <circle cx="10" cy="10" r="7.5" fill="currentColor" />,
  out_of_service: (
    <>
      <rect x="3" y="3" width="14" height="14" fill="currentColor" />
      <path d="M6.5 6.5l7 7M13.5 6.5l-7 7" {...cut} />
    </>
  ),
  silent: <circle cx="10" cy="10" r="6" fill="none" stroke="currentColor" strokeWidth="3.2" />,
  with_crew: (
    <>
      <path d="M1 4.5h11v3h3.5l3.5 4v4H1z" fill="currentColor" />
      <circle cx="5.5" cy="15.5" r="2.3" fill="var(--paper)" />
      <circle cx="14.5" cy="15.5" r="2.3" fill="var(--paper)" />
    </>
  ),
  unlocking: (
    <>
      <path d="M10 1l9 9-9 9-9-9z" fill="currentColor" />
      <circle cx="10" cy="10" r="2.5" fill="var(--paper)" />
    </>
  ),
  riding: <path d="M10 1.5l7.5 16L10 14l-7.5 3.5z" fill="currentColor" />,
  paused: (
    <>
      <circle cx="10" cy="10" r="8" fill="currentColor" />
      <path d="M7.6 7v6M12.4 7v6" {...cut} />
    </>
  ),
  low_battery: (
    <>
      <path d="M1.5 3h17L10 18.5z" fill="currentColor" />
      <path d="M7.3 7.6h5.4" {...cut} />
    </>
  ),
  alarm: (
    <>
      <path d="M10 1l9.5 17H.5z" fill="currentColor" />
      <path d="M10 7.5v4.2M10 15v.1" {...cut} />
    </>
  ),
}
