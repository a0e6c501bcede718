import { useId, useState } from 'react'
import { Link } from 'wouter'
import type { LockRevocation, LockRow, LockSecrets, RevokedLock } from '../../contracts/http/locks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { cityZone } from '../../ui-kit/city-zone.ts'
import { formatBikeNumber, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'

interface ActsProperties {
  readonly onChanged: () => void
  readonly onRenewed: (secrets: LockSecrets) => void
}

/** One page of locks with what can be done about them. */
export function LockTable({ locks, ...acts }: ActsProperties & { readonly locks: readonly LockRow[] }) {
  const { t } = useText()
  return (
    <TableBox label={t('locks.list')} className="locks">
      <table>
        <thead>
          <tr>
            {(['bike', 'lock', 'credential', 'state', 'heard_at', 'acts'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`locks.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {locks.map((lock) => (
            <Row key={lock.lockId} lock={lock} {...acts} />
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

/** Years ahead: a day of the week would say nothing. */
const dayAndYear = (tag: string, atMs: number): string =>
  new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: cityZone() }).format(atMs)

const marks = { active: '✓', ending: '!', expired: '✕', revoked: '✕' } as const

function Row({ lock, ...acts }: ActsProperties & { readonly lock: LockRow }) {
  const { t, tag } = useText()
  const { lockId, number, batchId, credential, epoch, state, expiresAt, revokedAt, revokedReason, lastHeardAt } = lock
  return (
    <tr>
      <th scope="row" className="number">
        <Link href={`/bikes/${number}`}>{formatBikeNumber(number)}</Link>
      </th>
      <td className="id">
        {lockId}
        {batchId !== null && <span className="small soft">{batchId}</span>}
      </td>
      <td>
        {t(`locks.credential.${credential}`)}
        {epoch > 1 && <span className="small soft">{t('locks.epoch', { count: epoch - 1 })}</span>}
      </td>
      <td>
        <span className={`badge credential ${state}`}>
          <span aria-hidden="true">{marks[state]}</span> {t(`locks.state.${state}`)}
        </span>
        {revokedAt !== null && <span className="small soft">{formatDay(tag, revokedAt)}</span>}
        {revokedReason !== null && <span className="small why">{revokedReason}</span>}
        {expiresAt !== null && (
          <span className="small soft">{t('locks.until', { day: dayAndYear(tag, expiresAt) })}</span>
        )}
      </td>
      <td className="number">
        {lock.connected && t('locks.connected')}
        {lastHeardAt === null ? (
          <span className="soft">{t('locks.never')}</span>
        ) : (
          <span className="small soft">
            {formatDay(tag, lastHeardAt)} {formatClock(tag, lastHeardAt)}
          </span>
        )}
      </td>
      <td>
        <Acts lock={lock} {...acts} />
      </td>
    </tr>
  )
}

const causes = ['stolen', 'broken', 'other'] as const

function Acts({ lock, onChanged, onRenewed }: ActsProperties & { readonly lock: LockRow }) {
  const { t } = useText()
  const id = useId()
  const me = useMe()
  const [asking, setAsking] = useState<'revoke' | 'renew' | null>(null)
  const [cause, setCause] = useState<LockRevocation['cause']>('stolen')
  const [inRide, setInRide] = useState(false)
  const number = formatBikeNumber(lock.number)
  const path = `/v1/staff/locks/${lock.lockId}`
  const revoke = async (reason: string): Promise<Refused | null> => {
    const body: LockRevocation = { reason, cause }
    const answer = await opsApi.send<RevokedLock>(`${path}/revoke`, { method: 'POST', body })
    if (answer.kind === 'refused') return answer
    setInRide(answer.value.inRide)
    onChanged()
    return null
  }
  const renew = async (reason: string): Promise<Refused | null> => {
    const answer = await opsApi.send<LockSecrets>(`${path}/renew`, { method: 'POST', body: { reason } })
    if (answer.kind === 'refused') return answer
    onRenewed(answer.value)
    onChanged()
    return null
  }
  return (
    <div className="row wrap lock-acts">
      {lock.state !== 'revoked' && (
        <button type="button" className="button" onClick={() => setAsking('revoke')}>
          {t('locks.revoke')}
        </button>
      )}
      {mayI(me, 'lock.renew') && (
        <button type="button" className="button" onClick={() => setAsking('renew')}>
          {t('locks.renew')}
        </button>
      )}
      {inRide && <p role="status">{t('locks.in_ride')}</p>}
      {asking === 'revoke' && (
        <ReasonDialog
          title={t('locks.revoke_of', { number })}
          what={t('locks.revoke_what')}
          confirm={t('locks.revoke_do')}
          isDanger
          onConfirm={revoke}
          onClose={() => setAsking(null)}
        >
          <div className="field">
            <label htmlFor={`${id}-cause`}>{t('locks.cause')}</label>
            <select
              id={`${id}-cause`}
              value={cause}
              onChange={(event) => setCause(event.target.value as LockRevocation['cause'])}
            >
              {causes.map((one) => (
                <option key={one} value={one}>
                  {t(`locks.cause.${one}`)}
                </option>
              ))}
            </select>
          </div>
        </ReasonDialog>
      )}
      {asking === 'renew' && (
        <ReasonDialog
          title={t('locks.renew_of', { number })}
          what={t('locks.renew_what')}
          confirm={t('locks.renew_do')}
          onConfirm={renew}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}
