import { useText } from '../../ui-kit/i18n/text.ts'
import { changeOf, formatFigure, type Unit } from './number-formats.ts'
import { Sparkline } from './sparkline.tsx'
import { WhatIsThis } from './what-is-this.tsx'

const arrows = { up: '▲', down: '▼', same: '=' } as const

/** A figure with what it was before and its way over the days. */
export function FigureTile({
  name,
  help,
  unit,
  better,
  now,
  before,
  values,
  currency,
  more,
}: {
  readonly name: string
  readonly help: string
  readonly unit: Unit
  readonly better: 'more' | 'fewer' | null
  readonly now: number | null
  /** Null: there is nothing to compare with. */
  readonly before: number | null
  readonly values: ReadonlyArray<number | null>
  readonly currency?: string | undefined
  readonly more?: string | undefined
}) {
  const { t, tag } = useText()
  const change = changeOf(tag, now, before, unit)
  const isGood = change === null ? null : verdictOf(change.direction, better)
  return (
    <li className="card tile">
      <h3>{name}</h3>
      <div className="row spread">
        <p className="tile-big number">{formatFigure(tag, now, unit, currency)}</p>
        <Sparkline values={values} />
      </div>
      {change !== null && (
        <p className="small number">
          <strong data-verdict={isGood ?? undefined}>
            {arrows[change.direction]} {change.text}
          </strong>{' '}
          <span className="soft">{t('numbers.before', { before: formatFigure(tag, before, unit, currency) })}</span>
        </p>
      )}
      {more !== undefined && <p className="small soft number">{more}</p>}
      <WhatIsThis text={help} of={name} />
    </li>
  )
}

function verdictOf(direction: 'up' | 'down' | 'same', better: 'more' | 'fewer' | null): 'good' | 'bad' | null {
  if (better === null || direction === 'same') return null
  return (direction === 'up') === (better === 'more') ? 'good' : 'bad'
}
