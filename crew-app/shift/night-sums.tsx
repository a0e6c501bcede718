import { formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { NightSum } from '../route/stop-at-hand.ts'

export function NightSums({ sum }: { readonly sum: NightSum }) {
  const { t, tag } = useText()
  const rows = [
    ['loaded', sum.loaded],
    ['put_down', sum.putDown],
    ['not_found', sum.notFound],
    ['blocked', sum.blocked],
    ['broken', sum.broken],
    ['stops_done', sum.stopsDone],
    ['stops_skipped', sum.stopsSkipped],
    ['driven', formatDistance(tag, sum.drivenM)],
  ] as const
  return (
    <dl className="sums">
      {rows.map(([key, value]) => (
        <div key={key}>
          <dt>{t(`crew.sum.${key}`)}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
