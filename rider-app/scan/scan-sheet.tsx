import './scan.css'
import { useEffect, useRef, useState } from 'react'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TorchButton } from '../../ui-kit/scan/torch-button.tsx'
import { type CameraStatus, watchCamera } from '../../ui-kit/scan/watch-camera.ts'

type Status = CameraStatus | 'starting' | 'not_ours'

/** Points the camera at the QR sticker. Without a camera the number field behind it is always there. */
export function ScanSheet({
  onCode,
  onClose,
}: {
  readonly onCode: (code: string) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const [status, setStatus] = useState<Status>('starting')
  const [torch, setTorch] = useState<{ readonly set: (on: boolean) => void } | null>(null)
  const found = useRef(onCode)
  found.current = onCode

  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    const picture = video.current
    if (picture === null) return
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
  }, [])

  return (
    <dialog ref={dialog} className="scan" aria-label={t('scan.title')} onClose={onClose}>
      <div className="finder">
        <video ref={video} playsInline muted aria-label={t('scan.picture')} />
        <span className="frame" aria-hidden="true" />
      </div>
      <p className={status === 'refused' || status === 'none' ? 'notice warn' : 'notice'} role="status">
        {t(`scan.${status}`)}
      </p>
      <div className="row spread">
        {torch !== null && <TorchButton setTorch={torch.set} />}
        <button type="button" className="button main" onClick={() => dialog.current?.close()}>
          {t('scan.type_instead')}
        </button>
      </div>
    </dialog>
  )
}
