import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRing } from './use-ring.ts'

/** Makes a bike ring and tells what its lock said. `bike`: its number or code. */
export function RingButton({ bike }: { readonly bike: string }) {
  const { t } = useText()
  const { step, ring } = useRing(bike)
  const told = step.kind === 'asking' || step.kind === 'rang' || step.kind === 'no_answer' ? step.kind : null
  return (
    <>
      <button type="button" className="button" aria-disabled={step.kind === 'asking'} onClick={ring}>
        <Bell /> {t('before.ring')}
      </button>
      <p className="small ring-told" role="status">
        {told !== null && t(`before.ring.${told}`)}
      </p>
      {step.kind === 'refused' && <RefusalNotice refused={step.refused} />}
    </>
  )
}

function Bell() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d="M9 2a5 5 0 0 1 5 5v4l1.5 2.5h-13L4 11V7a5 5 0 0 1 5-5zM7.5 16h3" />
    </svg>
  )
}
