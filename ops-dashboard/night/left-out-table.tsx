import type { PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { signedRides } from './formats.ts'
import { leftOutSentence } from './left-out-sentence.ts'
import { PlaceLink } from './moves-table.tsx'
import type { Selection } from './night-address.ts'

/** What nobody drives to, the most valuable first, and why. */
export function LeftOutTable({ plan, onOpen }: { readonly plan: PlanView; readonly onOpen: (at: Selection) => void }) {
  const text = useText()
  const { t, tag } = text
  const sorted = plan.leftOut.toSorted((a, b) => b.value - a.value)
  if (sorted.length === 0) return <p>{t('night.nothing_left_out')}</p>
  return (
    <div className="stack">
      <p className="small soft">{t('night.left_how')}</p>
      <TableBox label={t('night.tab.left', { count: sorted.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('night.col.place')}</th>
              <th scope="col">{t('night.col.why')}</th>
              <th scope="col">{t('night.col.change')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((left) => (
              <tr key={left.place}>
                <th scope="row">
                  <PlaceLink
                    plan={plan}
                    place={left.place}
                    name={plan.places[left.place]?.name ?? ''}
                    onOpen={onOpen}
                  />
                  <span className="small soft number">
                    {[
                      left.take > 0 ? t('night.take', { count: left.take }) : null,
                      left.give > 0 ? t('night.give', { count: left.give }) : null,
                    ]
                      .filter((part) => part !== null)
                      .join(', ')}
                  </span>
                </th>
                <td>{leftOutSentence({ ...left, change: null }, text)}</td>
                <td className="number">{left.change === null ? '–' : signedRides(tag, left.change)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  )
}
