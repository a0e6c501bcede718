import './demo.css'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DemoDesk, DemoMood } from '../../contracts/http/demo.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { Choice } from './choice.tsx'
import { demoPath } from './demo-path.ts'
import { FaultPanel } from './fault-panel.tsx'
import { StreetFigures } from './street-figures.tsx'

const lookEveryMs = 2_000
const speeds = [1, 2, 5, 10, 20, 50, 100] as const
const weathers = ['fair', 'rain', 'storm', 'frost'] as const
const faultRates = ['none', 'usual', 'many'] as const
const rushMinutes = 45

/** The knobs of the simulated city: how fast it lives, its weather, a rush, and what breaks. */
export function DemoPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t, tag } = useText()
  const queries = useQueryClient()
  const me = useMe()
  const asked = useAsked<DemoDesk>(demoPath, onRefused, lookEveryMs)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const desk = asked.data
  const street = desk?.street ?? null
  const maySteer = mayI(me, 'demo.steer')

  const put = async (path: string, body: unknown) => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<unknown>(`${demoPath}${path}`, { method: 'PUT', body })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    await queries.invalidateQueries({ queryKey: [demoPath] })
  }
  const change = (mood: DemoMood) => put('/mood', mood)
  return (
    <PageFrame title={t('demo.title')}>
      <h1>{t('demo.title')}</h1>
      <p className="soft">{t('demo.what')}</p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      {desk !== undefined && (
        <div className="demo-desk">
          {me !== null && !maySteer && <p className="notice warn demo-wide">{t('demo.look_only')}</p>}
          {street === null && (
            <p className="notice warn demo-wide" role="status">
              {t('demo.away')}
            </p>
          )}
          <section className="card stack" aria-labelledby="demo-time">
            <h2 id="demo-time">{t('demo.time')}</h2>
            <p className="demo-clock number">
              {formatClock(tag, desk.cityTime)} <span className="soft small">{formatDay(tag, desk.cityTime)}</span>
            </p>
            <Choice
              legend={t('demo.speed')}
              options={speeds.map((speed) => ({ value: speed, text: t('demo.times', { speed }) }))}
              chosen={desk.wantedSpeed}
              disabled={!maySteer}
              onChoose={(speed) => put('/speed', { speed })}
            />
            {desk.isPersonRiding && <p className="notice">{t('demo.person')}</p>}
          </section>
          {street !== null && (
            <>
              <section className="card stack" aria-labelledby="demo-mood">
                <h2 id="demo-mood">{t('demo.mood')}</h2>
                <Choice
                  legend={t('demo.weather')}
                  options={weathers.map((value) => ({ value, text: t(`demo.weather.${value}`) }))}
                  chosen={street.mood.weather}
                  disabled={!maySteer}
                  onChoose={(weather) => change({ weather })}
                />
                <Choice
                  legend={t('demo.mishaps')}
                  options={faultRates.map((value) => ({ value, text: t(`demo.mishaps.${value}`) }))}
                  chosen={street.mood.faultRate}
                  disabled={!maySteer}
                  onChoose={(faultRate) => change({ faultRate })}
                />
                <div className="row spread wrap">
                  <p role="status">
                    {street.mood.rushTillMs === null
                      ? t('demo.no_rush')
                      : t('demo.rush_till', { time: formatClock(tag, street.mood.rushTillMs) })}
                  </p>
                  <button
                    type="button"
                    className="button"
                    disabled={isBusy || !maySteer}
                    onClick={() => void change({ rushMinutes: street.mood.rushTillMs === null ? rushMinutes : 0 })}
                  >
                    {street.mood.rushTillMs === null ? t('demo.rush', { count: rushMinutes }) : t('demo.rush_end')}
                  </button>
                </div>
              </section>
              <FaultPanel street={street} maySteer={maySteer} />
              <StreetFigures street={street} />
            </>
          )}
        </div>
      )}
    </PageFrame>
  )
}
