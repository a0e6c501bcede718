import { useState } from 'react'
import type { VirtualAct, VirtualBike } from '../../contracts/http/demo.ts'
import type { Api, Refused } from '../api/api-client.ts'
import { useAnswer } from '../api/use-answer.ts'
import { formatBikeNumber, formatClock } from '../formats.ts'
import { useText } from '../i18n/text.ts'
import { RefusalNotice } from '../notices.tsx'
import { VirtualLock } from './virtual-lock.tsx'
import './virtual-bike.css'

interface Nearest {
  readonly bikes: readonly VirtualBike[]
}

const lookEveryMs = 1_500
const mostOffered = 6
const mostLines = 8
const openKey = 'zwerm-virtual-bike'

/**
 * The bike that a demo's rider would hold: pick one of the nearest, then push its lever, shield its antenna, jam its
 * bolt or ride off. What it does goes over its own radio, like that of any lock.
 * @param number of the bike this page is about; null to choose one
 */
export function VirtualBikePanel({
  api,
  centre,
  number,
  onTake,
}: {
  readonly api: Api
  readonly centre: Place
  readonly number: string | null
  readonly onTake: (code: string) => void
}) {
  const { t } = useText()
  const [open, setOpen] = useState(isOpenAtFirst)
  const toggle = () => {
    sessionStorage.setItem(openKey, open ? 'closed' : 'open')
    setOpen(!open)
  }
  return (
    <aside className="virtual" aria-label={t('virtual.title')} data-open={open}>
      <button type="button" className="virtual-bar" aria-expanded={open} onClick={toggle}>
        <span className="demo-tag">{t('virtual.demo')}</span> {t('virtual.title')}
        <span aria-hidden="true" className="chevron" />
      </button>
      {open && number === null && <Offer api={api} centre={centre} onTake={onTake} />}
      {open && number !== null && <InHand api={api} number={number} />}
    </aside>
  )
}

function Offer({
  api,
  centre,
  onTake,
}: {
  readonly api: Api
  readonly centre: Place
  readonly onTake: (code: string) => void
}) {
  const { t } = useText()
  const near = useAnswer<Nearest>('virtual', () => api.get(nearPath(centre)), lookEveryMs * 4)
  const free = near.value?.bikes.filter((bike) => bike.bolt === 'locked' && !bike.riding).slice(0, mostOffered) ?? []
  return (
    <div className="virtual-body">
      <p className="small">{t('virtual.offer')}</p>
      {near.refused !== null && <RefusalNotice refused={near.refused} onAgain={near.again} />}
      <ul className="virtual-list">
        {free.map((bike) => (
          <li key={bike.number} className="row spread">
            <span className="number">
              {formatBikeNumber(bike.number)} <span className="small soft">{bike.batteryPercent} %</span>
            </span>
            <button type="button" className="button" onClick={() => onTake(bike.code)}>
              {t('virtual.walk')}
            </button>
          </li>
        ))}
      </ul>
      {near.value !== null && free.length === 0 && <p className="small soft">{t('virtual.none')}</p>}
    </div>
  )
}

function InHand({ api, number }: { readonly api: Api; readonly number: string }) {
  const { t, tag } = useText()
  const [trouble, setTrouble] = useState<Refused | null>(null)
  const path = `/demo/city/bikes/${number}`
  const looked = useAnswer<VirtualBike>(path, () => api.get(path), lookEveryMs)
  const bike = looked.value
  const act = async (what: VirtualAct) => {
    const answer = await api.send(`${path}/act`, { method: 'POST', body: what })
    setTrouble(answer.kind === 'refused' ? answer : null)
    looked.again()
  }
  if (bike === null) {
    return (
      <div className="virtual-body">
        {looked.refused !== null ? (
          <RefusalNotice refused={looked.refused} />
        ) : (
          <p className="small soft">{t('virtual.far')}</p>
        )}
      </div>
    )
  }
  return (
    <div className="virtual-body">
      <VirtualLock bike={bike} />
      <button type="button" className="button main" onClick={() => void act({ act: 'push_lever' })}>
        {t('virtual.push')}
      </button>
      <div className="virtual-switches">
        <Switch on={bike.riding} text={t('virtual.ride')} onSet={(on) => void act({ act: 'ride', on })} />
        <Switch on={!bike.antenna} text={t('virtual.shield')} onSet={(on) => void act({ act: 'antenna', on: !on })} />
        <Switch on={bike.jammed} text={t('virtual.jam')} onSet={(on) => void act({ act: 'jam', on })} />
        <button type="button" className="button" onClick={() => void act({ act: 'reboot' })}>
          {t('virtual.reboot')}
        </button>
      </div>
      {trouble !== null && <RefusalNotice refused={trouble} />}
      {bike.log.length > 0 && (
        <ol className="virtual-log small number" aria-label={t('virtual.log')}>
          {bike.log
            .slice(-mostLines)
            .reverse()
            .map((entry) => (
              <li key={`${entry.atMs}${entry.line}`} title={entry.line}>
                <span className="soft">{formatClock(tag, entry.atMs)}</span> {entry.line}
              </li>
            ))}
        </ol>
      )}
    </div>
  )
}

function Switch({
  on,
  text,
  onSet,
}: {
  readonly on: boolean
  readonly text: string
  readonly onSet: (on: boolean) => void
}) {
  return (
    <button type="button" className="button" aria-pressed={on} onClick={() => onSet(!on)}>
      {text}
    </button>
  )
}

/** As it was left; at first open where there is room beside the app. */
function isOpenAtFirst(): boolean {
  const left = sessionStorage.getItem(openKey)
  return left === null ? matchMedia('(min-width: 860px)').matches : left === 'open'
}

interface Place {
  readonly lon: number
  readonly lat: number
}
const nearPath = (at: Place) => `/demo/city/bikes?lon=${at.lon.toFixed(6)}&lat=${at.lat.toFixed(6)}`
