import { useState } from 'react'
import type { StaffCommand } from '../../contracts/http/bike-page.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { isUnderWay, type ShownStep, shownSteps, whyOf } from './command-steps.ts'
import { formatSecond } from './moment.ts'
import { OpIcon } from './op-icon.tsx'

/** One command: who, why, and how far it has come. Screen readers are told each new state of the newest one. */
export function CommandCard({
  command,
  isNewest,
  onCancel,
}: {
  readonly command: StaffCommand
  readonly isNewest: boolean
  /** Null: the reader may not. */
  readonly onCancel: (() => Promise<Refused | null>) | null
}) {
  const { t, tag, ofCode } = useText()
  const [refused, setRefused] = useState<Refused | null>(null)
  const { op, state, reason, by, askedAt } = command
  const why = whyOf(command)
  const sentence = why === null ? null : ofCode(why.code, why.otherwise)
  return (
    <article className={`command-card ${isUnderWay(state) ? 'running' : why === null ? 'over' : 'wrong'}`}>
      <p className="row spread">
        <strong className="row tight">
          <OpIcon op={op} /> {t(`bikes.op.${op}`)}
        </strong>
        <span className="small soft number">
          {formatDay(tag, askedAt)}, {formatSecond(tag, askedAt)}
        </span>
      </p>
      <Way steps={shownSteps(command)} />
      <p className="visually-hidden" role={isNewest ? 'status' : undefined}>
        {t('bikes.command_is', { op: t(`bikes.op.${op}`), state: t(`bikes.state.${state}`) })}
      </p>
      {sentence !== null && <p className="small why">{sentence}</p>}
      {state === 'queued' && <p className="small soft">{t('bikes.queued_why')}</p>}
      <p className="small soft">{t('bikes.by_reason', { name: by.name, reason })}</p>
      {state === 'queued' && onCancel !== null && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setRefused(null)
            void onCancel().then(setRefused)
          }}
        >
          {t('bikes.take_back')}
        </button>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </article>
  )
}

const marks = { past: '✓', now: '●', ahead: '○', wrong: '!' } as const

function Way({ steps }: { readonly steps: readonly ShownStep[] }) {
  const { t, tag } = useText()
  return (
    <ol className="way">
      {steps.map(({ state, look, at }) => (
        <li key={state} className={look} aria-current={look === 'now' ? 'step' : undefined}>
          <span className="mark" aria-hidden="true">
            {marks[look]}
          </span>
          <span className="step-name">{t(`bikes.state.${state}`)}</span>
          <span className="small soft number">{at === null ? '' : formatSecond(tag, at)}</span>
        </li>
      ))}
    </ol>
  )
}
