import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'
import { isWorkedOff, stopAtHand } from '../route/stop-at-hand.ts'
import { GivePanel } from './give-panel.tsx'
import { Navigate } from './navigate.tsx'
import { StopHead } from './stop-head.tsx'
import { TakeList } from './take-list.tsx'

const StopMap = lazy(async () => ({ default: (await import('./stop-map.tsx')).StopMap }))
const BikeSheet = lazy(async () => ({ default: (await import('../bike/bike-sheet.tsx')).BikeSheet }))
const PutDownSheet = lazy(async () => ({ default: (await import('../van/put-down-sheet.tsx')).PutDownSheet }))
const FinishSheet = lazy(async () => ({ default: (await import('./finish-sheet.tsx')).FinishSheet }))
const SkipSheet = lazy(async () => ({ default: (await import('./skip-sheet.tsx')).SkipSheet }))
const ScanSheet = lazy(async () => ({ default: (await import('../scan/scan-sheet.tsx')).ScanSheet }))

type Open = 'scan' | 'finish' | 'skip' | 'put_down' | { readonly bikeId: string } | null

/** One stop: what is to be done here, and nothing else. The main act is at the thumb. */
export function StopScreen({ route }: { readonly route: CrewRoute }) {
  const { now, showStop } = useNight()
  const shownStopId = now.facts.shownStopId ?? null
  const gone = now.replanned?.gone ?? null
  const stop = gone === null ? stopAtHand(route, shownStopId) : null
  const stopId = stop?.stopId ?? null
  useEffect(() => {
    if (stopId !== null && stopId !== shownStopId) void showStop(stopId)
  }, [stopId, shownStopId, showStop])
  const before = useRef(stopId)
  useEffect(() => {
    if (stopId === before.current) return
    before.current = stopId
    const main = document.getElementById('main')
    main?.scrollTo(0, 0)
    main?.focus()
  }, [stopId])
  if (gone !== null) return null
  if (stop === null) return <AllStopsDone />
  return <OneStop key={stop.stopId} route={route} stop={stop} />
}

function OneStop({ route, stop }: { readonly route: CrewRoute; readonly stop: CrewStop }) {
  const { t } = useText()
  const { act } = useNight()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const worked = isWorkedOff(route, stop)
  const finish = () => {
    if (worked) void act({ act: 'finish_stop', stopId: stop.stopId })
    else setOpen('finish')
  }
  const openBike = (bike: CrewBike) => setOpen({ bikeId: bike.bikeId })
  const chosen = typeof open === 'object' && open !== null ? bikeById(route, stop, open.bikeId) : null
  return (
    <div className="page with-action stop">
      <StopHead route={route} stop={stop} />
      <Navigate stop={stop} />
      {stop.take.length > 0 && <TakeList stop={stop} onOpen={openBike} />}
      <GivePanel route={route} stop={stop} onChoose={() => setOpen('put_down')} />
      <Suspense fallback={<div className="stop-map" />}>
        <StopMap route={route} stop={stop} />
      </Suspense>
      <button type="button" className="button quiet wide" onClick={() => setOpen('skip')}>
        {t('crew.skip.button')}
      </button>
      <div className="action">
        <button type="button" className={worked ? 'button' : 'button main'} onClick={() => setOpen('scan')}>
          {t('crew.scan.button')}
        </button>
        <button type="button" className={worked ? 'button main' : 'button'} onClick={finish}>
          {t('crew.stop.done')}
        </button>
      </div>
      <Suspense>
        {open === 'scan' && <ScanSheet route={route} stop={stop} onClose={close} />}
        {open === 'finish' && <FinishSheet route={route} stop={stop} onClose={close} />}
        {open === 'skip' && <SkipSheet stop={stop} onClose={close} />}
        {open === 'put_down' && <PutDownSheet route={route} stop={stop} onClose={close} />}
        {chosen !== null && <BikeSheet key={chosen.bikeId} route={route} stop={stop} bike={chosen} onClose={close} />}
      </Suspense>
    </div>
  )
}

const bikeById = (route: CrewRoute, stop: CrewStop, bikeId: string): CrewBike | null =>
  [...stop.take, ...route.load].find((bike) => bike.bikeId === bikeId) ?? null

function AllStopsDone() {
  const { t } = useText()
  return (
    <div className="page with-action">
      <h1 className="stop-name">{t('crew.stop.none_title')}</h1>
      <p>{t('crew.stop.none')}</p>
      <div className="action">
        <Link href="/end" className="button main wide">
          {t('crew.end.button')}
        </Link>
      </div>
    </div>
  )
}
