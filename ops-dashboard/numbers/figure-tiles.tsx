import type { Figures, Numbers } from '../../contracts/http/numbers.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { moneyTiles, tiles } from './figure-list.ts'
import { FigureTile } from './figure-tile.tsx'
import { formatFigure } from './number-formats.ts'

/** Every figure of the days at one glance, and how many bikes there are now. */
export function FigureTiles({ numbers, days }: { readonly numbers: Numbers; readonly days: readonly string[] }) {
  const { t, tag } = useText()
  const byDay = new Map(numbers.days.map(({ day, figures }) => [day, figures]))
  const { now } = numbers
  const more = (name: string): string | undefined => {
    const { total } = numbers
    const count = (value: number) => formatFigure(tag, value, 'count')
    const parts: Readonly<Record<string, string | null>> = {
      'numbers.unmet': t('numbers.unmet_parts', {
        searches: count(total.unmetSearches),
        scans: count(total.failedScans),
      }),
      'numbers.lock_success': t('numbers.lock_parts', { jammed: count(total.jammed), silent: count(total.unanswered) }),
      'numbers.open_p50':
        total.openMsP95 === null ? null : t('numbers.open_parts', { p95: formatFigure(tag, total.openMsP95, 'ms') }),
      'numbers.stranded': strandedParts(total, t),
      'numbers.alarms':
        total.takeUpMsP50 === null
          ? null
          : t('numbers.alarm_parts', { count: total.alarmsTakenUp, time: formatFigure(tag, total.takeUpMsP50, 'ms') }),
    }
    return parts[name] ?? undefined
  }
  return (
    <ul className="number-tiles">
      {tiles.map((look) => (
        <FigureTile
          key={look.name}
          name={t(look.name)}
          help={t(look.help)}
          unit={look.unit}
          better={look.better}
          now={look.of(numbers.total)}
          before={numbers.before === null ? null : look.of(numbers.before)}
          values={days.map((day) => {
            const figures = byDay.get(day)
            return figures === undefined ? null : look.of(figures)
          })}
          more={more(look.name)}
        />
      ))}
      <FigureTile
        name={t('numbers.available_now')}
        help={t('numbers.help.bikesAvailable')}
        unit="count"
        better={null}
        now={now.bikesAvailable}
        before={null}
        values={[]}
        more={t('numbers.now_parts', { service: now.bikesInService, use: now.bikesInUse })}
      />
      {(numbers.money ?? []).map(({ currency, total, before, days: own }) => {
        const known = new Map(own.map((one) => [one.day, one.money]))
        return moneyTiles.map((look) => (
          <FigureTile
            key={`${currency}${look.name}`}
            name={t(look.name)}
            help={t(look.help)}
            unit={look.unit}
            better={look.better}
            now={look.of(total)}
            before={numbers.before === null ? null : look.of(before)}
            currency={currency}
            values={days.map((day) => {
              const money = known.get(day)
              return money === undefined ? (byDay.has(day) ? 0 : null) : look.of(money)
            })}
          />
        ))
      })}
    </ul>
  )
}

const strandedParts = (total: Figures, t: ReturnType<typeof useText>['t']): string | null =>
  total.stranded === 0
    ? null
    : t('numbers.stranded_parts', {
        closed: total.strandedNotClosed,
        heard: total.strandedNotHeard,
        answered: total.strandedNotAnswered,
      })
