import type { TimelineItem } from '../../contracts/http/bike-page.ts'
import type { TimelineKind } from '../../contracts/live/timeline-kinds.ts'
import { formatAge, formatMoney } from '../../ui-kit/formats.ts'
import { formatSecond } from './moment.ts'
import { type Facts, numberIn, type Spoken, textIn, wordsOf } from './words.ts'

/** Later than this a message came from a lock's memory, not from the air. */
const lateFromMs = 10_000

/** The second line of an item: its facts. */
export const timelineDetails = (spoken: Spoken, { kind, facts }: TimelineItem): string => details[kind](spoken, facts)

const details: Readonly<Record<TimelineKind, (spoken: Spoken, facts: Facts) => string>> = {
  message: (spoken, facts) => {
    const { code, join } = wordsOf(spoken, facts)
    const battery = numberIn(facts, 'battery')
    const lateMs = numberIn(facts, 'lateMs') ?? 0
    return join(
      code('by', 'by'),
      code('reset', 'reset'),
      code('answer', 'answer'),
      troubleIn(spoken, facts),
      textIn(facts, 'firmware'),
      ...lockFacts(spoken, facts),
      battery === null ? null : `${battery} %`,
      lateMs < lateFromMs ? null : spoken.t('bikes.late', { age: formatAge(spoken.tag, lateMs) }),
    )
  },
  telemetry: ({ t, tag }, facts) =>
    t('bikes.tel_facts', {
      first: formatSecond(tag, Number(facts.firstAt)),
      last: formatSecond(tag, Number(facts.lastAt)),
      charge:
        facts.firstPercent === facts.lastPercent
          ? String(facts.lastPercent)
          : `${facts.firstPercent} → ${facts.lastPercent}`,
    }),
  command: (spoken, facts) => {
    const { code, join } = wordsOf(spoken, facts)
    const tookMs = numberIn(facts, 'tookMs')
    return join(
      textIn(facts, 'reason'),
      facts.of === 'staff' ? null : code('of', 'of'),
      troubleIn(spoken, facts),
      tookMs === null ? null : spoken.t('bikes.took', { seconds: (tookMs / 1_000).toFixed(1) }),
    )
  },
  trip: (spoken, facts) => {
    const [lengthMs, total, currency] = [
      numberIn(facts, 'lengthMs'),
      numberIn(facts, 'totalMinor'),
      textIn(facts, 'currency'),
    ]
    return wordsOf(spoken, facts).join(
      lengthMs === null ? null : formatAge(spoken.tag, lengthMs),
      total === null || currency === null ? null : formatMoney(spoken.tag, total, currency),
    )
  },
  alarm: (spoken, facts) => {
    const { code, join } = wordsOf(spoken, facts)
    const count = numberIn(facts, 'times') ?? 1
    return join(
      code('severity', 'severity'),
      code('alarm_state', 'state'),
      count > 1 ? spoken.t('bikes.times', { count }) : null,
    )
  },
  task: (spoken, facts) => {
    const { code, join } = wordsOf(spoken, facts)
    return join(code('task_state', 'state'), code('priority', 'priority'))
  },
  report: (spoken, facts) => wordsOf(spoken, facts).code('report_state', 'state') ?? '',
  note: (spoken, facts) =>
    wordsOf(spoken, facts).join(textIn(facts, 'text'), facts.isEdited === true ? spoken.t('bikes.edited') : null),
  service: (spoken, facts) =>
    wordsOf(spoken, facts).join(textIn(facts, 'note'), facts.inRide === true ? spoken.t('bikes.in_ride') : null),
  move: (spoken, facts) => {
    const leftAt = numberIn(facts, 'leftAt')
    return wordsOf(spoken, facts).join(
      textIn(facts, 'van'),
      textIn(facts, 'stop'),
      leftAt === null ? null : spoken.t('bikes.left_at', { time: formatSecond(spoken.tag, leftAt) }),
      facts.isBroken === true ? spoken.t('bikes.reason.broken') : null,
    )
  },
}

/** Numbers of an alarm, a battery, a start, a configuration and a self-test. */
function lockFacts(spoken: Spoken, facts: Facts): readonly (string | null)[] {
  const { t, tag } = spoken
  const say = (name: string, words: (value: number) => string) => {
    const value = numberIn(facts, name)
    return value === null ? null : words(value)
  }
  const refused = wordsOf(spoken, facts).code('cfg', 'refused')
  return [
    say('metres', (metres) => t('bikes.fact.metres', { metres })),
    say('peakMg', (mg) => t('bikes.fact.peak', { g: (mg / 1_000).toFixed(1) })),
    say('times', (count) => (count > 1 ? t('bikes.fact.nth', { count }) : '')),
    say('milliVolts', (mv) => t('bikes.fact.volts', { volts: (mv / 1_000).toFixed(2) })),
    say('ranMs', (ms) => t('bikes.fact.up', { age: formatAge(tag, ms) })),
    say('settings', (version) =>
      refused === null ? t('bikes.cfg.taken', { version }) : t('bikes.cfg.refused', { version, why: refused }),
    ),
    partsIn(spoken, facts),
  ]
}

function partsIn({ t, ofCode }: Spoken, facts: Facts): string | null {
  const broken = textIn(facts, 'broken')
  if (broken === null) return null
  if (broken === '') return t('bikes.self.fine')
  const parts = broken.split(',').map((part) => ofCode(`bikes.self.${part}`, 'bikes.other'))
  return t('bikes.self.broken', { parts: parts.join(', ') })
}

/** What went wrong, by the lock's own code; null when nothing did. */
function troubleIn({ ofCode }: Spoken, facts: Facts): string | null {
  const code = textIn(facts, 'code')
  return code === null || code === 'ok' ? null : ofCode(`bikes.code.${code}`, 'bikes.other')
}
