import { useState } from 'react'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** A button for what cannot be taken back: it asks, then posts to `path`. A refusal stays readable in the question. */
export function ConfirmedAct({
  button,
  title,
  what,
  confirm,
  path,
  onSettled,
}: {
  readonly button: string
  readonly title: string
  readonly what: string
  readonly confirm: string
  readonly path: string
  /** It was done, or refused because the desk showed what is no longer so: time to look again. */
  readonly onSettled: () => void
}) {
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const send = async () => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<undefined>(path, { method: 'POST' })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else setAsking(false)
    onSettled()
  }
  const close = () => {
    setAsking(false)
    setRefused(null)
  }
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {button}
      </button>
      {isAsking && (
        <ConfirmDialog title={title} confirm={confirm} isBusy={isBusy} onConfirm={() => void send()} onClose={close}>
          <p>{what}</p>
          {refused !== null && <RefusalNotice refused={refused} />}
        </ConfirmDialog>
      )}
    </>
  )
}
