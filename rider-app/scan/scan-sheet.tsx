import './scan.css'
import { useEffect, useRef, useState } from 'react'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { startDecoder } from './decoder.ts'

type Status = 'starting' | 'looking' | 'not_ours' | 'refused' | 'none'

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
  const [torch, setTorch] = useState<{ readonly on: boolean; readonly set: (on: boolean) => void } | null>(null)
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
      onTorch: (set) => setTorch({ on: false, set }),
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
        {torch !== null && (
          <button
            type="button"
            className="button"
            aria-pressed={torch.on}
            onClick={() => {
              torch.set(!torch.on)
              setTorch({ ...torch, on: !torch.on })
            }}
          >
            {t('scan.torch')}
          </button>
        )}
        <button type="button" className="button main" onClick={() => dialog.current?.close()}>
          {t('scan.type_instead')}
        </button>
      </div>
    </dialog>
  )
}

interface CameraEvents {
  readonly onStatus: (status: Status) => void
  readonly onText: (text: string) => void
  readonly onTorch: (set: (on: boolean) => void) => void
}

const betweenPicturesMs = 140
const picture = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: 'environment' } }

/** Opens the camera, reads a few pictures a second until stopped, and closes both. */
function watchCamera(video: HTMLVideoElement, events: CameraEvents): () => void {
  let over = false
  let stream: MediaStream | null = null
  const decoder = startDecoder()
  const look = async () => {
    if (over) return
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await decoder.read(video) : null
    if (over) return
    if (text !== null) events.onText(text)
    setTimeout(() => void look(), betweenPicturesMs)
  }
  const open = async () => {
    if (navigator.mediaDevices === undefined) return events.onStatus('none')
    stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false })
    if (over) return stopTracks(stream)
    video.srcObject = stream
    await video.play()
    events.onStatus('looking')
    const track = stream.getVideoTracks()[0]
    const abilities = (track?.getCapabilities?.() ?? {}) as { torch?: boolean }
    if (track !== undefined && abilities.torch === true) {
      events.onTorch((on) => void track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }))
    }
    void look()
  }
  open().catch((fault: unknown) => {
    const refused = fault instanceof DOMException && fault.name === 'NotAllowedError'
    if (!over) events.onStatus(refused ? 'refused' : 'none')
  })
  return () => {
    over = true
    decoder.stop()
    if (stream !== null) stopTracks(stream)
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
