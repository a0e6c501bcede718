import { type FormEvent, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { TripsView } from './trips-address.ts'

type Filters = Pick<TripsView, 'number' | 'from' | 'to'>
const none: Filters = { number: '', from: '', to: '' }

/** Which trips of a list are wanted; a day holds when it is whole, a number when it is sent. */
export function TripFilters({
  view,
  onChange,
}: {
  readonly view: TripsView
  readonly onChange: (filters: Filters & Pick<TripsView, 'tab'>) => void
}) {
  const { t } = useText()
  const [number, setNumber] = useState(view.number)
  // The tab stays, also where another one is usual with or without a number.
  const set = (change: Partial<Filters>) =>
    onChange({ tab: view.tab, number: view.number, from: view.from, to: view.to, ...change })
  const send = (event: FormEvent) => {
    event.preventDefault()
    set({ number: number.replaceAll(/\s/g, '') })
  }
  const isSet = view.number !== '' || view.from !== '' || view.to !== ''
  return (
    <form className="row wrap trip-filters" onSubmit={send}>
      <div className="field">
        <label htmlFor="trips-number">{t('trips.filter.bike')}</label>
        <input
          id="trips-number"
          inputMode="numeric"
          maxLength={10}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onBlur={() => {
            if (number.replaceAll(/\s/g, '') !== view.number) set({ number: number.replaceAll(/\s/g, '') })
          }}
        />
      </div>
      <div className="field">
        <label htmlFor="trips-from">{t('trips.filter.from')}</label>
        <input id="trips-from" type="date" value={view.from} onChange={(event) => set({ from: event.target.value })} />
      </div>
      <div className="field">
        <label htmlFor="trips-to">{t('trips.filter.to')}</label>
        <input id="trips-to" type="date" value={view.to} onChange={(event) => set({ to: event.target.value })} />
      </div>
      {isSet && (
        <button type="button" className="button quiet bottom" onClick={() => set(none)}>
          {t('trips.filter.clear')}
        </button>
      )}
    </form>
  )
}
