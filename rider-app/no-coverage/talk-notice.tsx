import type { NoReason } from '../../contracts/no-coverage.ts'
import { type TextKey, useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import type { ShownEnd } from './use-phone-lock.ts'

/** Why a talk with the lock came to nothing, and what to do. */
export function TalkNotice({ end }: { readonly end: ShownEnd | null }) {
  const { t } = useText()
  if (end === null || end.kind === 'done' || end.kind === 'noted') return null
  if (end.kind === 'server') return <RefusalNotice refused={end.refused} />
  return (
    <p className="notice bad" role="alert">
      {t(keyOf(end))}
    </p>
  )
}

function keyOf(end: Exclude<ShownEnd, { kind: 'done' | 'noted' | 'server' }>): TextKey {
  switch (end.kind) {
    case 'radio':
      return `phone.no.${end.trouble}`
    case 'jam':
      return 'phone.no.jam'
    case 'no_key':
      return 'phone.no_key'
    case 'lock':
      return keyOfLock(end.why)
  }
}

function keyOfLock(why: NoReason): TextKey {
  switch (why) {
    case 'busy':
    case 'batt':
    case 'moving':
    case 'clock':
    case 'expired':
      return `phone.no.lock.${why}`
    case 'nonce':
    case 'late':
    case 'seq':
    case 'revoked':
    case 'used':
      return 'phone.no.lock.old'
    case 'form':
    case 'mac':
    case 'op':
    case 'nothing':
      return 'phone.no.lock.other'
  }
}
