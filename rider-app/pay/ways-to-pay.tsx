import './pay.css'
import { useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { nameOf, useWay, type Way, type Ways } from './use-way.ts'

/** The way to pay in one line, with the others a tap away. `onChosen`: somebody changed it. */
export function WaysToPay({ ways, onChosen }: { readonly ways: Ways; readonly onChosen?: (way: Way) => void }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  if (ways.ways === null || ways.chosen === null) return null
  const choose = (way: Way) => {
    ways.choose(way)
    setOpen(false)
    onChosen?.(way)
  }
  if (open) return <WayList ways={ways} onChoose={choose} />
  return (
    <p className="row spread way-line">
      <span>
        <WayMark way={ways.chosen.way} /> {ways.chosen.name} · {t(`pay.way.${ways.chosen.way}`)}
      </span>
      {ways.ways.length > 1 && (
        <button type="button" className="button quiet" onClick={() => setOpen(true)}>
          {t('pay.way.change')}
        </button>
      )}
    </p>
  )
}

/** The ways to pay by themselves, for the account page: what is chosen here is what a ride begins with. */
export function PaymentWays() {
  const ways = useWay()
  return ways.ways === null ? null : <WayList ways={ways} onChoose={ways.choose} />
}

/** All ways, the chosen one marked. Choosing acts at once. */
export function WayList({ ways, onChoose }: { readonly ways: Ways; readonly onChoose: (way: Way) => void }) {
  const { t } = useText()
  const id = useId()
  return (
    <fieldset className="ways">
      <legend>{t('pay.way.title')}</legend>
      {ways.ways?.map((way) => (
        <button
          key={nameOf(way)}
          type="button"
          className="way"
          aria-pressed={ways.chosen !== null && nameOf(way) === nameOf(ways.chosen)}
          aria-describedby={`${id}-${nameOf(way)}`}
          onClick={() => onChoose(way)}
        >
          <WayMark way={way.way} />
          <span className="stack">
            <strong>
              {way.name} · {t(`pay.way.${way.way}`)}
            </strong>
            <span id={`${id}-${nameOf(way)}`} className="small soft">
              {t(`pay.way.${way.way}_hint`, { name: way.name })}
            </span>
          </span>
        </button>
      ))}
    </fieldset>
  )
}

const paths = {
  page: 'M3 5h18v14H3zM3 9h18M6 7h.01M9 7h.01',
  qr: 'M3 3h7v7H3zM14 3h7v7h-7zM3 14h7v7H3zM14 14h3v3h-3zM20 14h1M14 20h1M18 18h3v3h-3z',
  app: 'M7 2h10a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM11 19h2',
} as const

function WayMark({ way }: Pick<Way, 'way'>) {
  return (
    <svg
      className="way-mark"
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <path d={paths[way]} strokeLinejoin="round" />
    </svg>
  )
}
