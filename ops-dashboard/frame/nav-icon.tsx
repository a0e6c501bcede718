import type { ReactNode } from 'react'
import type { DeskEntry } from './desk-entries.ts'

export type IconName =
  | DeskEntry['name']
  | 'person'
  | 'more'
  | 'narrow'
  | 'widen'
  | 'close'
  | 'pause'
  | 'play'
  | 'keys'
  | 'wall'
  | 'layers'
  | 'filter'
  | 'save'
  | 'file'
  | 'link'
  | 'follow'
  | 'search'
  | 'star'

/** One line-drawn sign of the desk, in the colour of its text. Beside a word, never instead of a name. */
export function NavIcon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="nav-icon"
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  )
}

const drawings: Readonly<Record<IconName, ReactNode>> = {
  fleet: <path d="M9 4 3 6.5v13L9 17l6 3 6-2.5v-13L15 7 9 4zm0 0v13m6-10v13" />,
  alarms: <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5zM10 21h4" />,
  trips: (
    <>
      <circle cx="6" cy="18" r="2.3" />
      <circle cx="18" cy="6" r="2.3" />
      <path d="M8.3 18H15a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h6.7" />
    </>
  ),
  work: <path d="M9 5H6v15h12V5h-3M9 3.5h6V7H9V3.5zM9 13l2.2 2.2L15.5 11" />,
  appeals: <path d="M12 4v16M7.5 20h9M5 7.5h14M5 7.5 2.5 13h5L5 7.5zM19 7.5 16.5 13h5L19 7.5z" />,
  night: <path d="M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z" />,
  reports: <path d="M6 3.5h8.5L18 7v13.5H6v-17zM14 3.5V7.5h4M9 12h6M9 16h6" />,
  places: (
    <>
      <path d="M12 21s-6.5-5.6-6.5-11a6.5 6.5 0 0 1 13 0c0 5.4-6.5 11-6.5 11z" />
      <circle cx="12" cy="10" r="2.4" />
    </>
  ),
  numbers: <path d="M4 4v16h16M8 16v-4m4 4V8m4 8v-6" />,
  people: (
    <>
      <circle cx="9" cy="8.5" r="3.2" />
      <path d="M3.5 19.5c0-3.2 2.4-5.3 5.5-5.3s5.5 2.1 5.5 5.3M15.5 5.6a3.2 3.2 0 0 1 0 5.9M17 14.6c2.2.6 3.5 2.4 3.5 4.9" />
    </>
  ),
  audit: <path d="M12 3.5 19 6v5.5c0 4.3-2.8 7.4-7 9-4.2-1.6-7-4.7-7-9V6l7-2.5zM9 12l2.2 2.2L15.2 10" />,
  demo: <path d="M4 20V9l5-3v14m0 0h6V3.5l5 3V20m-5 0h6M3 20h6m3-9h0m0 4h0" />,
  locks: (
    <>
      <rect x="5" y="11" width="14" height="9.5" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 8 0v3M12 15v2" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="8.5" r="3.6" />
      <path d="M5 20c.4-3.7 3.2-5.8 7-5.8s6.6 2.1 7 5.8" />
    </>
  ),
  more: <path d="M4 7h16M4 12h16M4 17h16" />,
  narrow: <path d="M4 5v14M20 12H9m4-4.5L8.5 12l4.5 4.5" />,
  widen: <path d="M4 5v14M9 12h11m-4.5-4.5L20 12l-4.5 4.5" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  pause: <path d="M9 6v12M15 6v12" />,
  play: <path d="M8 5.5v13l10.5-6.5L8 5.5z" />,
  keys: (
    <path d="M9.3 9.3a2.8 2.8 0 1 1 4 2.5c-.9.5-1.3 1.1-1.3 2.2M12 17.3v.1M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 0 0-17 0z" />
  ),
  wall: <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />,
  layers: <path d="m12 4 9 5-9 5-9-5 9-5zM3.5 13.5 12 18l8.5-4.5" />,
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  save: <path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15" />,
  file: <path d="M6 3.5h8.5L18 7v13.5H6v-17zM14 3.5v4h4" />,
  link: <path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1" />,
  follow: (
    <>
      <circle cx="12" cy="12" r="3" />
      <path d="M12 3v4m0 10v4M3 12h4m10 0h4" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6" />
      <path d="m20 20-4.7-4.7" />
    </>
  ),
  star: <path d="m12 4 2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8L12 4z" />,
}
