import type { CSSProperties, ReactNode } from 'react'
import { useTheme } from '../../ui-kit/theme.ts'
import { vanLook } from './van-looks.ts'

/** The van's number on its colour, over a piece of its dashes: the same as on the map. */
export function VanBadge({ van, children }: { readonly van: number; readonly children?: ReactNode }) {
  const look = vanLook(van, useTheme())
  const style = { '--van': look.colour, '--van-ink': look.ink } as CSSProperties
  return (
    <span className="van-badge number" style={style} aria-hidden="true">
      {children ?? van + 1}
    </span>
  )
}

export function VanLine({ van }: { readonly van: number }) {
  const look = vanLook(van, useTheme())
  return (
    <svg className="van-line" width="46" height="8" aria-hidden="true">
      <title>{van + 1}</title>
      <line
        x1="3"
        y1="4"
        x2="43"
        y2="4"
        stroke={look.colour}
        strokeWidth="5"
        strokeLinecap={look.dash.length === 0 ? 'round' : 'butt'}
        strokeDasharray={look.dash.join(' ')}
      />
    </svg>
  )
}
