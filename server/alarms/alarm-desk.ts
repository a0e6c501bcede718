import type { AlarmBatchAnswer, AlarmDeed, AlarmList, AlarmStory, AlarmsQuery } from '../../contracts/http/alarms.ts'
import type { BikeId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { storable } from '../../contracts/storable-text.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { LocalTime } from '../city/local-time.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import { alarmHeld, isColleague, lastHand, type StoredAlarm, saveAlarm, writeAct } from './alarm-store.ts'
import type { Alarms } from './alarms-service.ts'
import { type AlarmAct, actOn } from './core/alarm-machine.ts'
import { nextMorning } from './core/next-morning.ts'
import { alarmView, countAlarms, historyOf, listAlarms, tasksOf } from './desk-store.ts'

/** What persons see of alarms and do to them. */
export interface AlarmDesk {
  list(query: AlarmsQuery, staffId: string): Promise<AlarmList>
  story(alarmId: string): Promise<AlarmStory | Refusal>
  /** `version` is what the person saw; another one now means that somebody was first. Notes need none. */
  act(alarmId: string, deed: AlarmDeed, version: number | null, staffId: string): Promise<AlarmStory | Refusal>
  /** The same on many, each in a transaction of its own. */
  actOnMany(
    alarms: readonly { readonly alarmId: string; readonly version: number }[],
    deed: AlarmDeed,
    staffId: string,
  ): Promise<AlarmBatchAnswer>
  /** In the caller's transaction, whatever its version: a task that was done ends it. Does nothing to a resolved one. */
  resolveIn(tx: Queryable, alarmId: string, staffId: string, note: string | null): Promise<void>
}

export interface AlarmDeskDeps {
  readonly db: Database
  readonly clock: Clock
  readonly alarms: Pick<Alarms, 'changed'>
  readonly localTime: LocalTime
  /** A person ended an alarm about where the bike stands. */
  readonly placeSeen: (bikeId: BikeId) => void
  /** A person opened it again. */
  readonly placeUnseen: (bikeId: BikeId) => void
}

export function createAlarmDesk(deps: AlarmDeskDeps): AlarmDesk {
  const { db, clock, alarms } = deps

  async function actIn(tx: Queryable, alarm: StoredAlarm, deed: AlarmDeed, staffId: string): Promise<Refusal | null> {
    const nowMs = clock.nowMs()
    const act = actOf(deed, staffId, nowMs, deps.localTime)
    if (act.act === 'assign' && act.to !== null && !(await isColleague(tx, act.to))) return refuse('not_found')
    const facts = actOn(alarm.facts, act, nowMs)
    if (typeof facts === 'string') return refuse(facts)
    const next = { ...alarm, facts }
    if (facts !== alarm.facts) await saveAlarm(tx, next)
    if (facts !== alarm.facts || act.act === 'note') {
      const line = { alarmId: alarm.alarmId, act: act.act, staffId, note: noteOf(deed), detail: detailOf(act) }
      await writeAct(tx, line, nowMs, clock.realNowMs())
      alarms.changed(tx, next)
    }
    if (act.act === 'resolve' && isAboutPlace(alarm.kind)) afterCommit(tx, () => deps.placeSeen(alarm.bikeId))
    if (act.act === 'reopen' && alarm.facts.state === 'resolved' && isAboutPlace(alarm.kind))
      afterCommit(tx, () => deps.placeUnseen(alarm.bikeId))
    return null
  }

  async function actOnOne(
    alarmId: string,
    deed: AlarmDeed,
    version: number | null,
    staffId: string,
  ): Promise<Refusal | null> {
    try {
      return await db.transaction(async (tx) => {
        const alarm = await alarmHeld(tx, alarmId)
        if (alarm === null) return refuse('not_found')
        if (deed.act !== 'note' && version !== null && version !== alarm.facts.version) {
          return refuse('alarm_changed', (await lastHand(tx, alarmId)) ?? undefined)
        }
        return actIn(tx, alarm, deed, staffId)
      })
    } catch (error) {
      if (isUniqueViolation(error, 'alarm_one_open')) return refuse('alarm_open_already')
      throw error
    }
  }

  async function story(alarmId: string): Promise<AlarmStory | Refusal> {
    const alarm = await alarmView(db, alarmId)
    if (alarm === null) return refuse('not_found')
    return { at: clock.nowMs(), alarm, history: await historyOf(db, alarmId), tasks: await tasksOf(db, alarmId) }
  }

  return {
    list: async (query, staffId) => ({
      at: clock.nowMs(),
      ...(await listAlarms(db, query, staffId)),
      ...(await countAlarms(db, staffId)),
    }),
    story,
    act: async (alarmId, deed, version, staffId) => (await actOnOne(alarmId, deed, version, staffId)) ?? story(alarmId),
    actOnMany: async (many, deed, staffId) => {
      const results: AlarmBatchAnswer['results'] = []
      for (const { alarmId, version } of many) {
        const refusal = await actOnOne(alarmId, deed, version, staffId)
        results.push({ alarmId, code: refusal?.code ?? null, by: refusal?.detail ?? null })
      }
      return { results }
    },
    resolveIn: async (tx, alarmId, staffId, note) => {
      const alarm = await alarmHeld(tx, alarmId)
      if (alarm === null || alarm.facts.state === 'resolved') return
      const refusal = await actIn(
        tx,
        alarm,
        { act: 'resolve', how: 'fixed', ...(note === null ? {} : { note }) },
        staffId,
      )
      if (isRefusal(refusal)) throw new Error(`an open alarm can be resolved: ${refusal.code}`)
    },
  }
}

/** Whoever ends one of these says with it where the bike should be. */
const isAboutPlace = (kind: AlarmKind): boolean => kind === 'moved_without_trip' || kind === 'stolen'

const minuteMs = 60_000

function actOf(deed: AlarmDeed, staffId: string, nowMs: EpochMs, localTime: LocalTime): AlarmAct {
  switch (deed.act) {
    case 'assign':
      return { act: 'assign', to: deed.to === 'me' ? staffId : deed.to }
    case 'snooze': {
      const { wait } = deed
      return {
        act: 'snooze',
        untilMs: wait === 'morning' ? nextMorning(nowMs, localTime) : epochMs(nowMs + wait * minuteMs),
      }
    }
    case 'resolve':
      return { act: 'resolve', how: deed.how }
    case 'acknowledge':
    case 'reopen':
    case 'note':
      return { act: deed.act }
  }
}

function detailOf(act: AlarmAct): object {
  switch (act.act) {
    case 'assign':
      return { to: act.to }
    case 'snooze':
      return { until: act.untilMs }
    case 'resolve':
      return { how: act.how }
    case 'acknowledge':
    case 'reopen':
    case 'note':
      return {}
  }
}

const noteOf = (deed: AlarmDeed): string | null =>
  'note' in deed && deed.note !== undefined ? storable(deed.note) : null
