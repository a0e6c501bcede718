import './scan.css'
import { useEffect, useRef, useState } from 'react'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TorchButton } from '../../ui-kit/scan/torch-button.tsx'
import { type CameraStatus, watchCamera } from '../../ui-kit/scan/watch-camera.ts'
import { NumberEntry } from './number-entry.tsx'

type Status = CameraStatus | 'starting' | 'not_ours'

/** Points the camera at the QR sticker; the number can be typed in the same place, with a camera or without. */
export function ScanSheet({
  onCode,
  onClose,
}: {
  readonly onCode: (code: string) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const [status, setStatus] = useState<Status>('starting')
  const [tries, setTries] = useState(0)
  const [torch, setTorch] = useState<{ readonly set: (on: boolean) => void } | null>(null)
  const found = useRef(onCode)
  found.current = onCode

  useEffect(() => {
    dialog.current?.showModal()
    // Not the number field: its keyboard would cover the picture.
    title.current?.focus()
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try opens the camera anew
  useEffect(() => {
    const picture = video.current
    if (picture === null) return
    setStatus('starting')
    return watchCamera(picture, {
      onStatus: setStatus,
      onText: (text) => {
        const read = readBikeCode(text, 'scanned')
        if (read.kind !== 'code') return setStatus('not_ours')
        navigator.vibrate?.(60)
        found.current(read.code)
      },
      onTorch: (set) => setTorch({ set }),
    })
  }, [tries])

  const isBlind = status === 'refused' || status === 'none'
  return (
    <dialog ref={dialog} className="scan" aria-labelledby="scan-title" onClose={onClose}>
      <h2 id="scan-title" ref={title} tabIndex={-1}>
        {t('scan.title')}
      </h2>
      <div className={isBlind ? 'finder blind' : 'finder'}>
        <video ref={video} playsInline muted aria-label={t('scan.picture')} />
        <span className="frame" aria-hidden="true" />
      </div>
      <p className={isBlind || status === 'not_ours' ? 'notice warn' : 'notice'} role="status">
        {t(`scan.${status}`)}
        {status === 'refused' && ` ${t('scan.allow')}`}
        {status === 'not_ours' && ` ${t('scan.not_followed')}`}
      </p>
      <NumberEntry label={t('number.label')} onCode={onCode} />
      <div className="row spread">
        {torch !== null && <TorchButton setTorch={torch.set} />}
        {isBlind && (
          <button type="button" className="button" onClick={() => setTries(tries + 1)}>
            {t('scan.again')}
          </button>
        )}
        <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>
          {t('scan.close')}
        </button>
      </div>
    </dialog>
  )
}
