import './alarms.css'
import { useEffect } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { refusedOf } from '../use-asked.ts'
import { AlarmActs } from './alarm-acts.tsx'
import { AlarmCounters } from './alarm-counters.tsx'
import { AlarmDetail } from './alarm-detail.tsx'
import { AlarmFilters } from './alarm-filters.tsx'
import { AlarmList } from './alarm-list.tsx'
import { type AlarmsView, readAlarmsView, writeAlarmsView } from './alarms-address.ts'
import { DeedResult } from './deed-result.tsx'
import { useAlarmSound } from './use-alarm-sound.ts'
import { useAlarms } from './use-alarms.ts'
import { useInbox } from './use-inbox.ts'

/** What a person should look at now: the inbox, and one alarm beside it. */
export function AlarmsPage({
  alarmId,
  onRefused,
}: {
  readonly alarmId?: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const me = useMe()
  const [, navigate] = useLocation()
  const view = readAlarmsView(useSearch())
  const asked = useAlarms(view)
  const inbox = useInbox(asked.data?.pages.flatMap((page) => page.alarms) ?? [])
  const code = asked.error?.refused?.code
  useEffect(() => {
    if (code === 'log_in_first' || code === 'session_ended') onRefused({ kind: 'refused', code })
  }, [code, onRefused])
  const address = (change: Partial<AlarmsView>) => writeAlarmsView({ ...view, ...change })
  const change = (next: Partial<AlarmsView>) => navigate(`/alarms${address(next)}`)
  const [newest] = asked.data?.pages ?? []
  const openId = alarmId ?? null
  return (
    <PageFrame title={t('alarms.title')}>
      <AlarmsHead mayGoToSettings={mayI(me, 'alarm.settings')} />
      {newest !== undefined && <AlarmCounters counts={newest.counts} view={view} onOpen={(kind) => change({ kind })} />}
      <AlarmFilters view={view} totals={newest?.totals} onChange={change} />
      <DeedResult result={inbox.result} onUndo={() => void inbox.undo()} />
      <div className={openId === null ? 'alarm-columns' : 'alarm-columns open'}>
        <section className="card alarm-inbox" aria-label={t('alarms.list')}>
          {asked.isPending && <Waiting text={t('app.loading')} />}
          {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
          {inbox.pickedAlarms.length > 0 && (
            <div className="stack picked">
              <p className="row spread">
                <strong>{t('alarms.picked', { count: inbox.pickedAlarms.length })}</strong>
                <button type="button" className="link" onClick={inbox.pickNone}>
                  {t('alarms.pick_none')}
                </button>
              </p>
              <AlarmActs state="mixed" onDeed={(deed) => inbox.perform(inbox.pickedAlarms, deed)} />
            </div>
          )}
          {newest !== undefined && inbox.alarms.length === 0 && <NothingHere view={view} />}
          {newest !== undefined && inbox.alarms.length > 0 && (
            <AlarmList
              alarms={inbox.alarms}
              nowMs={newest.at}
              hrefOf={(id) => `/alarms/${id}${address({})}`}
              openId={openId}
              picked={inbox.picked}
              mayAct={mayI(me, 'alarm.handle')}
              onPick={inbox.pick}
              onDeed={(alarms, deed) => void inbox.perform(alarms, deed)}
            />
          )}
          {asked.hasNextPage && (
            <button
              type="button"
              className="button"
              disabled={asked.isFetchingNextPage}
              onClick={() => void asked.fetchNextPage()}
            >
              {t('alarms.more')}
            </button>
          )}
          {inbox.alarms.length > 0 && mayI(me, 'alarm.handle') && <KeyLine />}
        </section>
        {openId !== null && <AlarmDetail alarmId={openId} closeHref={`/alarms${address({})}`} onDeed={inbox.perform} />}
      </div>
    </PageFrame>
  )
}

function AlarmsHead({ mayGoToSettings }: { readonly mayGoToSettings: boolean }) {
  const { t } = useText()
  const [isOn, turn] = useAlarmSound()
  return (
    <div className="row spread wrap">
      <h1>{t('alarms.title')}</h1>
      <div className="row wrap">
        <button type="button" className="button" aria-pressed={isOn} onClick={() => turn(!isOn)}>
          {t(isOn ? 'alarms.sound_on' : 'alarms.sound_off')}
        </button>
        {mayGoToSettings && (
          <Link className="button" href="/alarms/settings">
            {t('alarms.settings')}
          </Link>
        )}
      </div>
    </div>
  )
}

function NothingHere({ view }: { readonly view: AlarmsView }) {
  const { t } = useText()
  const isAll = view.state === 'live' && view.kind === null && view.owner === 'all'
  return (
    <div className="alarms-empty" role="status">
      <p>
        <strong>{t(isAll ? 'alarms.nothing' : 'alarms.none')}</strong>
      </p>
      <p className="soft">{t(isAll ? 'alarms.nothing_how' : 'alarms.none_how')}</p>
    </div>
  )
}

const keys = ['↑↓', 'Enter', 'a', 's', 'e', 'm', 'x'] as const

function KeyLine() {
  const { t } = useText()
  return (
    <p className="small soft key-line">
      {keys.map((key, index) => (
        <span key={key}>
          <kbd>{key}</kbd> {t(`alarms.key.${(index + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7}`)}
        </span>
      ))}
    </p>
  )
}
