import { useId, useRef, useState } from 'react'
import type { StaffCommand } from '../../contracts/http/bike-page.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { opsApi } from '../ops-api.ts'

/** Asks why, and for an opening that the person knows what it leaves behind. One question makes one command at most. */
export function AskCommand({
  bikeId,
  number,
  op,
  onAsked,
  onClose,
}: {
  readonly bikeId: string
  readonly number: string
  readonly op: Operation
  readonly onAsked: (command: StaffCommand) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const commandId = useRef(newUuid())
  const [leavesOpen, setLeavesOpen] = useState(false)
  const [endsRide, setEndsRide] = useState(false)
  const send = async (reason: string) => {
    const answer = await opsApi.send<StaffCommand>(`/v1/staff/bikes/${bikeId}/commands`, {
      method: 'POST',
      body: { commandId: commandId.current, op, reason, ...knownOf(op, leavesOpen, endsRide) },
      // repeated with the same id it is the same command
      gestureKey: commandId.current,
    })
    if (answer.kind === 'refused') return answer
    onAsked(answer.value)
    return null
  }
  return (
    <ReasonDialog
      title={t(`bikes.ask.${op}`, { number: formatBikeNumber(number) })}
      what={t(`bikes.ask.${op}_what`)}
      confirm={t(`bikes.op.${op}`)}
      isDanger={op === 'unlock'}
      onConfirm={send}
      onClose={onClose}
    >
      {op === 'unlock' && (
        <label className="check" htmlFor={`${id}-open`}>
          <input
            id={`${id}-open`}
            type="checkbox"
            checked={leavesOpen}
            onChange={(event) => setLeavesOpen(event.target.checked)}
          />
          {t('bikes.leaves_open')}
        </label>
      )}
      {op === 'lock' && (
        <label className="check" htmlFor={`${id}-ends`}>
          <input
            id={`${id}-ends`}
            type="checkbox"
            checked={endsRide}
            onChange={(event) => setEndsRide(event.target.checked)}
          />
          {t('bikes.ends_ride')}
        </label>
      )}
    </ReasonDialog>
  )
}

/** What the person who asks says to know. */
function knownOf(op: Operation, leavesOpen: boolean, endsRide: boolean): { leavesOpen?: true; endsRide?: true } {
  if (op === 'unlock' && leavesOpen) return { leavesOpen: true }
  return op === 'lock' && endsRide ? { endsRide: true } : {}
}
