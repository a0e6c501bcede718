import { useId, useState } from 'react'
import type { ZoneFeature } from '../../contracts/http/zones.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { NavIcon } from '../frame/nav-icon.tsx'
import { filtersIn } from './fleet-filter.ts'
import type { FleetView } from './fleet-view.ts'

const batteryRanges = ['0-10', '0-20', '0-30', '30-60', '60-100'] as const
const quietMinutes = [20, 60, 360, 1_440, 4_320, 10_080] as const
const minutesInHour = 60
const minutesInDay = 1_440

/** How many bikes are listed, and the filters that have no counter: battery, last word, model, zone. */
export function FilterBar({
  view,
  shown,
  wanted,
  total,
  models,
  zones,
  onChange,
  onSave,
}: {
  readonly view: FleetView
  /** Rows in the list, of the bikes that the filters leave, of all. */
  readonly shown: number
  readonly wanted: number
  readonly total: number
  readonly models: readonly string[]
  readonly zones: readonly ZoneFeature[]
  readonly onChange: (change: Partial<FleetView>) => void
  readonly onSave: () => void
}) {
  const { t, tag } = useText()
  const id = useId()
  const active = filtersIn(view)
  const [isOpen, setOpen] = useState(() => view.battery !== null || view.models.length > 0 || view.quiet !== null)
  const told = (count: number) => count.toLocaleString(tag)
  return (
    <div className="filter-bar">
      <div className="filter-line">
        <p className="small number" role="status">
          {view.inView
            ? t('ops.shown_in_view', { shown: told(shown), wanted: told(wanted) })
            : t('ops.shown', { shown: told(shown), count: told(total) })}
        </p>
        {active > 0 && (
          <button
            type="button"
            className="tool"
            title={t('ops.filters_clear')}
            onClick={() =>
              onChange({ states: [], alarms: [], battery: null, models: [], quiet: null, zone: null, search: '' })
            }
          >
            <NavIcon name="close" />
            <span>{t('ops.filters_clear')}</span>
          </button>
        )}
        <button
          type="button"
          className="tool"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={t('ops.filters')}
          title={t('ops.filters')}
          onClick={() => setOpen(!isOpen)}
        >
          <NavIcon name="filter" />
          {active > 0 && <span className="tool-count number">{active}</span>}
        </button>
        <button
          type="button"
          className="tool"
          aria-pressed={view.inView}
          aria-label={t('ops.in_view')}
          title={t('ops.in_view')}
          onClick={() => onChange({ inView: !view.inView })}
        >
          <NavIcon name="wall" />
        </button>
        <button type="button" className="tool" aria-label={t('ops.csv')} title={t('ops.csv')} onClick={onSave}>
          <NavIcon name="save" />
        </button>
      </div>
      <div id={id} className="filter-fields" hidden={!isOpen}>
        <FilterFields view={view} models={models} zones={zones} onChange={onChange} />
      </div>
    </div>
  )
}

function FilterFields({
  view,
  models,
  zones,
  onChange,
}: {
  readonly view: FleetView
  readonly models: readonly string[]
  readonly zones: readonly ZoneFeature[]
  readonly onChange: (change: Partial<FleetView>) => void
}) {
  const { t } = useText()
  const battery = view.battery === null ? '' : `${view.battery.from}-${view.battery.to}`
  const quietText = (minutes: number) =>
    minutes % minutesInDay === 0
      ? t('ops.days', { count: minutes / minutesInDay })
      : minutes % minutesInHour === 0
        ? t('ops.hours', { count: minutes / minutesInHour })
        : t('ops.minutes', { count: minutes })
  const named = zones.filter(({ properties }) => properties.zoneId !== undefined)
  return (
    <>
      <Choice
        label={t('ops.filter.battery')}
        value={battery}
        options={withOwn(batteryRanges, battery).map((range) => [range, `${range.replace('-', ' – ')} %`])}
        onChoose={(range) => {
          const [from = 0, to = 100] = range.split('-').map(Number)
          onChange({ battery: range === '' ? null : { from, to } })
        }}
      />
      <Choice
        label={t('ops.filter.quiet')}
        value={view.quiet === null ? '' : String(view.quiet)}
        options={withOwn(quietMinutes.map(String), view.quiet === null ? '' : String(view.quiet)).map((minutes) => [
          minutes,
          quietText(Number(minutes)),
        ])}
        onChoose={(minutes) => onChange({ quiet: minutes === '' ? null : Number(minutes) })}
      />
      <Choice
        label={t('ops.d.model')}
        value={view.models[0] ?? ''}
        options={withOwn(models, view.models[0] ?? '').map((model) => [model, model])}
        onChoose={(model) => onChange({ models: model === '' ? [] : [model] })}
      />
      <Choice
        label={t('ops.filter.zone')}
        value={view.zone ?? ''}
        options={named.map(({ properties }) => [properties.zoneId as string, properties.name])}
        onChoose={(zone) => onChange({ zone: zone === '' ? null : zone })}
      />
    </>
  )
}

/** The usual choices, and the one that a colleague's address has. */
const withOwn = (usual: readonly string[], own: string): readonly string[] =>
  own === '' || usual.includes(own) ? usual : [...usual, own]

function Choice({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string
  readonly value: string
  readonly options: ReadonlyArray<readonly [value: string, text: string]>
  readonly onChoose: (value: string) => void
}) {
  const { t } = useText()
  const id = useId()
  return (
    <div className="filter-choice">
      <label htmlFor={id} className="small">
        {label}
      </label>
      <select id={id} className="select" value={value} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{t('ops.filter.any')}</option>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
