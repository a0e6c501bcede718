import type { AuditEntry } from '../../contracts/http/audit.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { kindOf } from './act-words.ts'
import type { AuditView } from './audit-address.ts'

/** The rows of one page; what was asked opens in its row. */
export function AuditTable({
  entries,
  onShow,
}: {
  readonly entries: readonly AuditEntry[]
  readonly onShow: (next: Partial<AuditView>) => void
}) {
  const { t } = useText()
  return (
    <section className="card">
      <TableBox label={t('staff.audit')} className="audit">
        <table>
          <thead>
            <tr>
              {(['when', 'who', 'what', 'about', 'reason', 'outcome'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`staff.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <AuditRow key={entry.auditId} entry={entry} onShow={onShow} />
            ))}
          </tbody>
        </table>
      </TableBox>
    </section>
  )
}

function AuditRow({
  entry,
  onShow,
}: {
  readonly entry: AuditEntry
  readonly onShow: (next: Partial<AuditView>) => void
}) {
  const { t, tag } = useText()
  const { at, cityAt, who, action, subject, reason, detail, outcome, requestId } = entry
  const kind = kindOf(action)
  const route = action.split(':')[1]
  return (
    <tr>
      <th scope="row" className="number">
        {formatClock(tag, at)}
        <span className="small soft">{formatDay(tag, at)}</span>
      </th>
      <td>
        {who === null ? (
          <span className="soft">{t('staff.nobody')}</span>
        ) : (
          <button type="button" className="link" onClick={() => onShow({ who: who.staffId })}>
            {who.name}
          </button>
        )}
        {who?.role != null && <span className="small soft">{t(`staff.role.${who.role}`)}</span>}
      </td>
      <td>
        {kind === null ? action : t(`staff.may.${kind}`)}
        <details>
          <summary className="small">{route ?? t('staff.details')}</summary>
          <pre>{JSON.stringify({ asked: detail, outcome: outcome ?? undefined }, null, 2)}</pre>
          <p className="small soft">{t('staff.ids_of_entry', { id: requestId, city: formatClock(tag, cityAt) })}</p>
        </details>
      </td>
      <td>
        {subject !== null && (
          <button type="button" className="link id" onClick={() => onShow({ about: subject.id })}>
            {subject.kind} {subject.id.length > 12 ? `…${subject.id.slice(-6)}` : subject.id}
          </button>
        )}
      </td>
      <td className="why">{reason}</td>
      <td>
        <Ending entry={entry} />
      </td>
    </tr>
  )
}

/** Longer than any request takes: a row that is older and has no end will get none. */
const underWayMs = 60_000

function Ending({ entry: { at, status, code } }: { readonly entry: AuditEntry }) {
  const { t, ofCode } = useText()
  if (status === null && Date.now() - at < underWayMs) return <span className="badge">{t('staff.under_way')}</span>
  if (status === null) return <span className="badge ending broken">{t('staff.no_end')}</span>
  if (status < 400) return <span className="badge ending done">✓ {t('staff.done')}</span>
  return (
    <>
      <span className="badge ending no">✕ {t(status >= 500 ? 'staff.broke' : 'staff.refused')}</span>
      {code !== null && <span className="small soft">{ofCode(`refusal.${code}`, 'staff.refused')}</span>}
    </>
  )
}
