import { useState } from 'react'
import type { DataExport, DataExports } from '../../contracts/http/my-data.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { OwnCode } from './own-code.tsx'

/** A copy takes a second or two; a long queue is looked at patiently. */
const lookEveryMs = 2_000
const mostShown = 4

/** Ask for a copy, with a code of its own as it holds the whole address; wait for it, download it. */
export function CopyCard({ addressHint }: { readonly addressHint: string }) {
  const { t } = useText()
  const { api } = useRider()
  const [waits, setWaits] = useState(false)
  const copies = useAnswer<DataExports>(
    'exports',
    async () => {
      const answer = await api.get<DataExports>('/v1/me/exports')
      if (answer.kind === 'ok') setWaits(answer.value.exports.some(({ state }) => state === 'asked'))
      return answer
    },
    waits ? lookEveryMs : undefined,
  )
  const [isSent, setSent] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const ask = async (path: string, body?: object): Promise<boolean> => {
    setBusy(true)
    const answer = await api.send<unknown>(path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    return answer.kind === 'ok'
  }
  const sendCode = async () => setSent(await ask('/v1/me/exports/codes'))
  const make = async (code: string) => {
    if (!(await ask('/v1/me/exports', { code }))) return
    setSent(false)
    setWaits(true)
    copies.again()
  }
  const leave = () => {
    setSent(false)
    setRefused(null)
  }
  return (
    <section className="card stack" aria-labelledby="copy-title">
      <h2 id="copy-title">{t('data.copy')}</h2>
      <p className="soft">{t('data.copy_hint')}</p>
      {waits && <Waiting text={t('data.copy_making')} />}
      {!waits && !isSent && (
        <button type="button" className="button main" onClick={() => void sendCode()} disabled={busy}>
          {t('data.copy_ask')}
        </button>
      )}
      {!waits && isSent && (
        <OwnCode
          told={t('data.copy_code_sent', { to: addressHint })}
          label={t('data.copy_code')}
          button={t('data.copy_now')}
          busy={busy}
          onCode={(code) => void make(code)}
        />
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
      {!waits && isSent && (
        <button type="button" className="button quiet" onClick={leave}>
          {t('data.copy_leave')}
        </button>
      )}
      {copies.refused !== null && <RefusalNotice refused={copies.refused} onAgain={copies.again} />}
      <ul className="copies">
        {copies.value?.exports
          .filter(({ state }) => state !== 'asked')
          .slice(0, mostShown)
          .map((copy) => (
            <li key={copy.exportId}>
              <CopyRow copy={copy} />
            </li>
          ))}
      </ul>
    </section>
  )
}

function CopyRow({ copy }: { readonly copy: DataExport }) {
  const { t, tag } = useText()
  const moment = (atMs: number) =>
    new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(atMs)
  const at = moment(copy.askedAt)
  if (copy.state === 'failed') return <p role="alert">{t('data.copy_failed', { at })}</p>
  if (copy.state !== 'ready') return <p className="soft">{t('data.copy_gone', { at })}</p>
  const size = new Intl.NumberFormat(tag, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(
    Math.max(1, (copy.bytes ?? 0) / 1_000),
  )
  return (
    <>
      <span>
        <strong>{t('data.copy_ready', { at })}</strong>
        <span className="small soft note">{t('data.copy_until', { size, until: moment(copy.expiresAt ?? 0) })}</span>
      </span>
      <a
        className="button"
        href={`/v1/me/exports/${copy.exportId}/file`}
        download
        aria-label={t('data.copy_download_of', { at })}
      >
        {t('data.copy_download')}
      </a>
    </>
  )
}
